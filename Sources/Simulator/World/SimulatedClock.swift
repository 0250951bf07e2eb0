import Cluster
import Protocol

/// The clocks of one machine: a monotonic one that runs fast or slow, and a wall clock that is also off and
/// jumps.
struct SimulatedClock {
    private var anchor: Instant
    private var anchorLocal: Instant
    private var partsPerMillion = 0
    /// The wall clock against the monotonic one, in milliseconds.
    private var wallOffset: Int64 = 0

    /// Where the wall clocks of all runs begin.
    static let epoch: Int64 = 1_800_000_000_000

    init(at now: Instant, local: Instant) {
        anchor = now
        anchorLocal = local
    }

    func monotonic(_ now: Instant) -> Instant {
        let gone = Int64(now.since(anchor).wholeMicroseconds)
        return anchorLocal + .microseconds(gone + gone * Int64(partsPerMillion) / 1_000_000)
    }

    func wall(_ now: Instant) -> Timestamp {
        let trueTime = SimulatedClock.epoch + Int64(now.microseconds / 1_000)
        return Timestamp(milliseconds: UInt64(max(0, trueTime + wallOffset)))
    }

    mutating func setDrift(_ partsPerMillion: Int, at now: Instant) {
        anchorLocal = monotonic(now)
        anchor = now
        self.partsPerMillion = partsPerMillion
    }

    /// Sets the wall clock `offset` off the true time.
    mutating func setWall(offBy offset: Duration, isBack: Bool) {
        let milliseconds = Int64(offset.wholeMilliseconds)
        wallOffset = isBack ? -milliseconds : milliseconds
    }
}
