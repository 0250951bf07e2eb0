/// How many slots a primary closes at a time for planned changes: as many as are not in each other's way.
///
/// Where the disk or the network takes the time, slots share it, and each is closed for no longer than it would be
/// alone. Where a processor does, each waits for all the others. Which of both it is shows in how long they stay
/// closed, beside the shortest time seen of late.
///
/// Invariant: `sizeMin` ≤ `size` ≤ `sizeMax`, unless that is less than `sizeMin`: then `size` = `sizeMax`.
struct ClosingWindow {
    private static let sizeMin = 8
    /// Half as long again as the shortest time, and this, is not too long: turns are not equally long.
    private static let grace = Duration.milliseconds(2)
    /// What was the shortest is forgotten by so small a part with each change: it may have been on another day.
    private static let forgetting = 16_384

    private let sizeMax: Int
    /// In quarters of a slot: a change that was quick adds one, one that was slow takes two.
    private var quarters: Int
    private var shortest: Duration?

    init(sizeMax: Int) {
        self.sizeMax = sizeMax
        quarters = 4 * min(Self.sizeMin, sizeMax)
    }

    var size: Int { quarters / 4 }

    /// A change was decided `span` after its slot was closed.
    mutating func note(_ span: Duration) {
        let known = shortest.map { $0 + $0 / Self.forgetting } ?? span
        let shortest = min(span, known)
        self.shortest = shortest
        let isSlow = span > shortest + shortest / 2 + Self.grace
        quarters = min(max(quarters + (isSlow ? -2 : 1), 4 * Self.sizeMin), 4 * sizeMax)
    }
}
