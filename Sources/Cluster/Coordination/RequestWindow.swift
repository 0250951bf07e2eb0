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
    /// Stands where a number is reserved.
    private let nobody: Element
    /// The lowest number that may be here.
    private var base: UInt64 = 1
    /// The number of the next.
    private(set) var next: UInt64 = 1
    private(set) var count = 0

    /// - Parameter nobody: never taken in.
    init(nobody: Element) { self.nobody = nobody }

    private func index(_ number: UInt64) -> Int { Int(number & UInt64(places.count - 1)) }

    /// Takes `element` in, under `next` as it was before.
    mutating func append(_ element: Element) {
        if next - base == UInt64(places.count) { grow() }
        places[index(next)] = element
        next += 1
        count += 1
    }

    /// Reserves numbers: to each an element is given later (`fill`), or it is removed.
    /// - Returns: the first.
    mutating func reserve(_ count: Int) -> UInt64 {
        let first = next
        for _ in 0..<count { append(nobody) }
        return first
    }

    /// - Precondition: `number` is reserved.
    mutating func fill(_ number: UInt64, with element: Element) { places[index(number)] = element }

    private func place(_ number: UInt64) -> Element? {
        number >= base && number < next ? places[index(number)] : nil
    }

    subscript(number: UInt64) -> Element? { place(number).flatMap { $0 === nobody ? nil : $0 } }

    /// - Returns: what was there; of a number that was reserved, nothing that was taken in.
    @discardableResult
    mutating func remove(_ number: UInt64) -> Element? {
        guard let element = place(number) else { return nil }
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
