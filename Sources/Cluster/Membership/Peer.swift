import Protocol

/// All that membership knows of one node of the ring.
struct Peer {
    var record: RingRecord
    /// A hash of the id: its place on the circle, and its bucket in exchanges.
    let place: UInt64
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

    init(record: RingRecord) {
        self.record = record
        place = Fingerprint.of(record.node.text.utf8)
    }

    /// Whether it is still part of the ring, dead or not.
    var isInRing: Bool { record.status != .gone }
    /// Whether it is probed and told news.
    var isReachable: Bool { isInRing && liveness != .dead }
}
