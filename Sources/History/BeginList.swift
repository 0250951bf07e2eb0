/// The beginnings and ends of completed operations in the order of their ticks, as a doubly linked list from
/// which an operation is lifted when it has been placed, and put back when that is taken back.
/// Source: Wing and Gong, Testing and verifying concurrent objects, 1993.
struct BeginList {
    // Of n operations: place k < n is the beginning of k, place n + k its end, place 2n the head.
    private var next: [Int]
    private var previous: [Int]
    private let count: Int

    init(spans: [(begin: UInt64, end: UInt64)]) {
        count = spans.count
        var places: [(tick: UInt64, place: Int)] = []
        for (index, span) in spans.enumerated() {
            places.append((span.begin, index))
            places.append((span.end, count + index))
        }
        places.sort { $0.tick < $1.tick }
        let head = 2 * count
        next = Array(repeating: head, count: head + 1)
        previous = next
        var last = head
        for (_, place) in places {
            link(last, to: place)
            last = place
        }
        link(last, to: head)
    }

    /// Those that may be placed next are `first` and what follows, until nil: an end.
    var first: Int? { beginning(at: next[2 * count]) }

    func following(_ operation: Int) -> Int? { beginning(at: next[operation]) }

    /// The operation that ends first: what begins later has to wait for it.
    var firstToEnd: Int? {
        var place = next[2 * count]
        while place < count { place = next[place] }
        return place == 2 * count ? nil : place - count
    }

    /// The one that ends first of those that are goals, and what begins before that end.
    func first(where isGoal: (Int) -> Bool) -> (goal: Int, before: [Int])? {
        var before: [Int] = []
        var place = next[2 * count]
        while place != 2 * count {
            if place < count {
                before.append(place)
            } else if isGoal(place - count) {
                return (place - count, before)
            }
            place = next[place]
        }
        return nil
    }

    mutating func lift(_ operation: Int) {
        link(previous[operation], to: next[operation])
        link(previous[count + operation], to: next[count + operation])
    }

    mutating func putBack(_ operation: Int) {
        for place in [count + operation, operation] {
            next[previous[place]] = place
            previous[next[place]] = place
        }
    }

    private mutating func link(_ place: Int, to following: Int) {
        next[place] = following
        previous[following] = place
    }

    private func beginning(at place: Int) -> Int? { place < count ? place : nil }
}
