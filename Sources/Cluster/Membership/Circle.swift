/// The nodes on a circle, in the order of a hash of their ids, which is the same for all: each node watches
/// the next ones on it. (Rapid, Suresh et al., USENIX ATC 2018: a graph of monitors that is known to all.)
///
/// The places are of ids, whose order has nothing to do with racks or the order of starting.
struct Circle {
    private var places: [(place: UInt64, number: Int)] = []

    mutating func insert(_ number: Int, at place: UInt64) {
        places.insert((place, number), at: index(of: place, number))
    }

    /// The first `count` nodes after `number` for which `isWanted` holds, or as many as there are.
    func next(_ count: Int, after number: Int, at place: UInt64, where isWanted: (Int) -> Bool) -> [Int] {
        guard count > 0 else { return [] }
        let start = index(of: place, number)
        var found: [Int] = []
        for step in 1..<max(places.count, 1) {
            let number = places[(start + step) % places.count].number
            if isWanted(number) { found.append(number) }
            if found.count == count { break }
        }
        return found
    }

    /// Where it is, or belongs.
    private func index(of place: UInt64, _ number: Int) -> Int {
        var (low, high) = (0, places.count)
        while low < high {
            let middle = (low + high) / 2
            if (places[middle].place, places[middle].number) < (place, number) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}
