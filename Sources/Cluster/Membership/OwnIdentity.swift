import Protocol

/// What a node wants the ring to know of itself, and how far its disk is with it.
///
///     settled ──a change needs a higher incarnation──▶ raising(to: n) ──n is durable──▶ settled
struct OwnIdentity {
    /// The record that the ring should have, but for its incarnation.
    var wanted: RingRecord
    /// The incarnation that is being written to disk.
    var raising: UInt64?
    /// Whether the raise answers a suspicion, death or eviction.
    var isRefuting = false
    /// The latest record of this id with another disk that was reported.
    var conflict: RingRecord?
    var isForgotten = false
    var isOutdated = false
}
