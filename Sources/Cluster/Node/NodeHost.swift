import Protocol

/// What a node of the ring has others do: `torc-node` with sockets and files, the simulator in virtual time.
package protocol NodeHost: Outbox {
    /// One datagram, which may be lost.
    func sendPacket(_ bytes: [UInt8], to address: NodeAddress)

    /// Keeps one connection to `node` open from now on: dials `address` whenever there is none.
    func keepLink(to node: NodeID, at address: NodeAddress)

    /// Dials `node` no more; an open connection stays until the other side ends it.
    func forgetLink(to node: NodeID)

    /// Puts what this node is on disk, synced, before it returns.
    /// - Parameter ring: the ring that it is of from now on.
    func remember(ring: RingID, incarnation: UInt64) throws(StoreError)

    /// Computes the table of targets, at once or beside the node, and gives it to `RingNode.onTargets`. With many nodes that
    /// takes longer than clients should wait. Not asked again before that has been called.
    func computeTargets(of ring: Ring, replicas: Int)

    /// The node holds, completely, everything that it should hold.
    func nodeIsReady(activeNodes: Int)

    /// The node has come to its end: it is to be driven no more, and the process exits with `code`.
    func nodeEnded(code: Int32)

    /// For the operator.
    func note(_ notice: Notice)
}
