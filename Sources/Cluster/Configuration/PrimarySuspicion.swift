import Protocol

/// A primary that this node believes to be out of reach.
struct PrimarySuspicion {
    let since: Instant
    var lastPoll: Instant?
    /// When a takeover from it was last seen to go on.
    var lastProgress = Instant.zero
    /// Who has not heard from it either, and when they said so.
    var agreed: [NodeID: Instant] = [:]
}
