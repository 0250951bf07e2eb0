import Protocol

/// How replication speaks to other nodes. Messages to one node arrive in order or, when the connection
/// breaks, not at all; the driver tells of that with `Replicator.onSessionClosed`.
package protocol Outbox: AnyObject {
    func send(_ message: PeerMessage, to node: NodeID)

    /// Bytes for `node` that the network has not taken yet.
    func unsentBytes(to node: NodeID) -> Int
}

/// Who asked something of this node. Each token is answered once.
package protocol Replies: AnyObject {
    /// - Parameter server: the node that served the request.
    func complete(_ token: UInt64, with outcome: Outcome, servedBy server: NodeID)

    /// What the GETs from this token on were told that were carried out together holds: instead of `complete` for each
    /// (`RingNode.readTogether`).
    func confirm(_ token: UInt64)
}

/// What an operator should know. Cluster has no logger: the driver writes it down.
package enum Notice: Equatable, Sendable {
    case info(String)
    case warning(String)
    case error(String)
    /// What is here, or what a peer says, cannot be by the rules that all nodes keep: a defect, of a disk or of
    /// the program.
    case contradiction(String)
}
