import Protocol

/// All that membership knows of one node of the ring.
struct Peer {
    var record: RingRecord
    /// At the incarnation of `record`. Who is gone counts as dead.
    var liveness: Liveness = .alive
    /// Set exactly while `liveness` is `.suspect`.
    var suspicion: Suspicion?
    /// Set exactly while `liveness` is `.dead`.
    var deadSince: Instant?
    /// When it last answered something that this node asked, over packets or the stream.
    var lastAnswer: Instant = .zero
    /// When it was last told, unasked, that it has something to take back.
    var lastTold: Instant = .zero

    /// Whether it is still part of the ring, dead or not.
    var isInRing: Bool { record.status != .gone }
    /// Whether it is probed and told news.
    var isReachable: Bool { isInRing && liveness != .dead }
}
