/// Things under numbers that ascend and are never used again, most of which leave soon after they came: found without
/// a search.
///
///     base                         base + span
///      | first | gone | … | last |
///
/// Invariant: of those that are here the first number is `base`; `places`, a ring, has room for all from there on. So it
/// takes room for as many as came since the oldest one that is still here.
struct RequestWindow<Element: AnyObject> {
    private var places: [Element?] = Array(repeating: nil, count: 16)
    /// The lowest number that may be here.
    private var base: UInt64 = 1
    /// The number of the next.
    private(set) var next: UInt64 = 1
    private(set) var count = 0

    private func index(_ number: UInt64) -> Int { Int(number & UInt64(places.count - 1)) }

    /// Takes `element` in, under `next` as it was before.
    mutating func append(_ element: Element) {
        if next - base == UInt64(places.count) { grow() }
        places[index(next)] = element
        next += 1
        count += 1
    }

    /// Reserves numbers: to any of them an element may be given later (`fill`).
    /// - Returns: the first.
    mutating func reserve(_ reserved: Int) -> UInt64 {
        if count == 0 { base = next }
        while next + UInt64(reserved) - base > UInt64(places.count) { grow() }
        next += UInt64(reserved)
        return next - UInt64(reserved)
    }

    /// - Precondition: `number` is reserved, and nothing has been under it.
    mutating func fill(_ number: UInt64, with element: Element) {
        while next - min(base, number) > UInt64(places.count) { grow() }
        base = min(base, number)
        places[index(number)] = element
        count += 1
    }

    subscript(number: UInt64) -> Element? { number >= base && number < next ? places[index(number)] : nil }

    mutating func remove(_ number: UInt64) -> Element? {
        guard let element = self[number] else { return nil }
        places[index(number)] = nil
        count -= 1
        while base < next, places[index(base)] == nil { base += 1 }
        return element
    }

    /// The numbers of those that match, ascending.
    func numbers(where matches: (Element) -> Bool) -> [UInt64] {
        (base..<next).filter { self[$0].map(matches) ?? false }
    }

    private mutating func grow() {
        var larger = [Element?](repeating: nil, count: places.count * 2)
        for number in base..<next { larger[Int(number & UInt64(larger.count - 1))] = places[index(number)] }
        places = larger
    }
}
