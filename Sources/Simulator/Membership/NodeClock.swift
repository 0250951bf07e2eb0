import Cluster

/// A node's monotonic clock: it began at some time of its own and runs a little too fast or too slow.
struct NodeClock {
    private let offset: UInt64
    private let partsPerMillion: Int64

    /// - Parameter drift: the largest part by which it runs wrong.
    init(drift: Double, using random: inout Random) {
        offset = .random(in: 1_000_000...1_000_000_000_000, using: &random)
        let most = Int64(drift * 1_000_000)
        partsPerMillion = .random(in: -most...most, using: &random)
    }

    func reading(at instant: Instant) -> Instant {
        let (seconds, rest) = Int64(instant.microseconds).quotientAndRemainder(dividingBy: 1_000_000)
        let wrong = seconds * partsPerMillion + rest * partsPerMillion / 1_000_000
        return Instant(microseconds: offset + UInt64(Int64(instant.microseconds) + wrong))
    }
}
