/// A ping on behalf of another node.
struct Relay {
    let sequence: UInt32
    let target: Int
    let requester: Int
    let requesterSequence: UInt32
    /// When to tell the requester that there is no answer yet; nil once that was done.
    var nackAt: Instant?
    /// When to forget it.
    var expireAt: Instant
}
