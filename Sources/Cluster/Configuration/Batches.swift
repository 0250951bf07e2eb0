/// Lets changes begin several at a time, with a pause in between.
///
/// Those of one batch go through the same turns, messages and syncs, which cost more than the changes themselves; and in
/// the pause the clients have the processor.
struct Batches {
    private let size: Int
    private let rateMax: Int
    private let span: Duration
    /// No batch begins before.
    private(set) var nextAt = Instant.zero
    /// How many changes may still begin in this batch.
    private(set) var left = 0
    /// How many waited at the most since none did.
    private var mostWaiting = 0

    /// - Parameters:
    ///   - size: changes of a batch, at the most.
    ///   - rate: changes a second, in the long run, at the most; 0: no limit.
    ///   - span: over what time all that wait are spread, where that is no more than `rate` a second and no less
    ///     than an eighth of it; zero: they are not.
    init(size: Int, rate: Int, span: Duration = .zero) {
        self.size = max(size, 1)
        self.span = span
        rateMax = rate
    }

    /// Changes a second at present; 0: no limit.
    private var rate: Int {
        guard span > .zero else { return rateMax }
        return min(rateMax, max(mostWaiting * 1_000_000 / Int(span.wholeMicroseconds), rateMax / 8, 1))
    }

    /// Begins a batch, if it is time and most of the one before is through.
    /// - Parameters:
    ///   - underWay: changes that have begun and are not through.
    ///   - waiting: changes that could begin.
    mutating func begin(now: Instant, underWay: Int, waiting: Int) {
        mostWaiting = waiting > 0 ? max(mostWaiting, waiting) : 0
        guard now >= nextAt, waiting > 0, underWay <= size / 2 else { return }
        left = min(size - underWay, waiting)
        nextAt = now + (rate > 0 ? .microseconds(size * 1_000_000 / rate) : .zero)
    }

    /// Whether nothing waits, and nothing is known of what did.
    var isIdle: Bool { mostWaiting == 0 && left == 0 }

    /// Whether a change may begin; then it has.
    mutating func take() -> Bool {
        guard left > 0 else { return false }
        left -= 1
        return true
    }

    /// A batch begins within a turn.
    mutating func endTurn() { left = 0 }
}
