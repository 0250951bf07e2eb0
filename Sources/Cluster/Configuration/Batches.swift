/// Lets changes begin several at a time, with a pause in between.
///
/// Those of one batch go through the same turns, messages and syncs, which cost more than the changes themselves; and in
/// the pause the clients have the processor.
struct Batches {
    private let size: Int
    private let interval: Duration
    /// No batch begins before.
    private(set) var nextAt = Instant.zero
    /// How many changes may still begin in this batch.
    private(set) var left = 0

    /// - Parameters:
    ///   - size: changes of a batch, at the most.
    ///   - rate: changes a second, in the long run; 0: no limit.
    init(size: Int, rate: Int) {
        self.size = max(size, 1)
        interval = rate > 0 ? .microseconds(self.size * 1_000_000 / rate) : .zero
    }

    /// Begins a batch, if it is time and most of the one before is through.
    /// - Parameters:
    ///   - underWay: changes that have begun and are not through.
    ///   - waiting: changes that could begin.
    mutating func begin(now: Instant, underWay: Int, waiting: Int) {
        guard now >= nextAt, waiting > 0, underWay <= size / 2 else { return }
        left = min(size - underWay, waiting)
        nextAt = now + interval
    }

    /// Whether a change may begin; then it has.
    mutating func take() -> Bool {
        guard left > 0 else { return false }
        left -= 1
        return true
    }

    /// A batch begins within a turn.
    mutating func endTurn() { left = 0 }
}
