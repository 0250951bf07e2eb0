import Protocol

/// What the driver is to do, in this order, after it gave `Membership` an input.
package enum MembershipEffect: Equatable, Sendable {
    /// Send a datagram; it may be lost.
    case send([UInt8], to: NodeID, address: NodeAddress)
    /// The failure detector changed its mind about a node. Not sent for the node itself.
    case livenessChanged(NodeID, Liveness)
    /// The ring's knowledge grew: put this into the ring's table and keep it. Also for the node itself.
    case recordChanged(RingRecord)
    /// Ask the node over the stream connection, if there is one or one can be opened, for a sign of life,
    /// and call `onContact` when it gives one.
    case askStreamProbe(NodeID)
    /// It is time for an exchange: send `exchangeOpening` over the stream connection, and what `onExchange`
    /// answers to what comes back.
    case pushPull(with: NodeID)
    /// Write this incarnation to disk, synced, and then call `onIncarnationDurable`: only after that is it
    /// used. A later one replaces an earlier one that is still being written.
    case raiseIncarnation(to: UInt64)
    /// The node took back a suspicion, its death or its eviction; it goes by this incarnation now.
    case selfRefuted(newIncarnation: UInt64)
    /// Another disk uses this node's id. Sent once for each such record. While the node joins: find out
    /// whether that one is alive; if so, refuse to start, else call `claimIdentity(over:)`. Later: say so
    /// loudly; the other one refuses to start.
    case identityConflict(with: RingRecord)
    /// The ring knows an incarnation of this very disk that this node never used: its folder is an old copy
    /// of another. Stop: such a folder needs a new disk id.
    case outdated(by: RingRecord)
    /// This node was forgotten (`gone`): it is out of the ring for ever with this disk. Stop.
    case forgotten
}
