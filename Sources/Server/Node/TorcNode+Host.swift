import Cluster
import Glibc
import Protocol
import Storage
import UV

/// What the decisions of a node are carried out with.
extension TorcNode: NodeHost {
    func send(_ message: PeerMessage, to node: NodeID) { links.send(message, to: node) }

    func unsentBytes(to node: NodeID) -> Int { links.unsentBytes(to: node) ?? 0 }

    func sendPacket(_ bytes: [UInt8], to address: NodeAddress) {
        if let target = book.first(of: address) { datagram.send(bytes, to: target) }
    }

    func keepLink(to node: NodeID, at address: NodeAddress) { links.keep(node, at: address) }

    func forgetLink(to node: NodeID) { links.forget(node) }

    func remember(ring: RingID, incarnation: UInt64) throws(StoreError) {
        do throws(DataFolderError) {
            try identity.folder?.remember(ring: ring, incarnation: incarnation)
        } catch {
            throw StoreError(error.message)
        }
    }

    func computeTargets(of ring: Ring, replicas: Int) {
        // It keeps the node until it is done, at the latest where the loop closes: once there is a weak reference to an object,
        // each count of its references takes a detour, and those to the node are counted with every request.
        Work(loop).run({ Targets(ring: ring, replicas: replicas) }) { [self] targets in
            guard ringNode.phase != .over else { return }
            log.debug("targets \(targets.ringDigest) of \(targets.members.count) nodes")
            _ = now
            ringNode.onTargets(targets)
        }
    }

    func nodeIsReady(activeNodes: Int) {
        Logger.emit(
            "torc-node \(identity.node) ready on \(boundAddress), ring of \(activeNodes)", to: STDOUT_FILENO)
    }

    func nodeEnded(code: Int32) {
        links.flush()
        // Answers of a turn whose writes could not be kept must not leave.
        if store.failure == nil, ringNode.replicator.failure == nil {
            clients.release(through: store.durable)
            clients.flush(behind: ringNode.unsettled)
        }
        links.close()
        loop.stop()
    }

    func note(_ notice: Notice) {
        switch notice {
        case .info(let text): log.info(text)
        case .warning(let text): log.warning(text)
        case .error(let text), .contradiction(let text): log.error(text)
        }
    }
}
