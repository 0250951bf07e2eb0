import Protocol

/// What may only happen once the changes of the turn are durable.
enum Deferred {
    /// The slot's log is durable up to `version`.
    case position(Slot, generation: UInt32, version: Version)
    /// The slot's record says that it is held.
    case held(Slot, generation: UInt32, epoch: Epoch)
    /// The slot's record says that this was accepted.
    indirect case accepted(Slot, generation: UInt32, Acceptance)
    indirect case send(PeerMessage, to: NodeID, session: UInt64)
}
