import Cluster
import Protocol
import UV

/// Hands on what links ask and say, each with the time first.
extension TorcNode: LinksOwner {
    var ownID: NodeID { identity.node }

    func hello(to node: NodeID?) -> Hello { ringNode.hello(to: node) }

    func judge(_ hello: Hello) -> Welcome {
        _ = now
        return ringNode.judge(hello)
    }

    func objection(to ring: RingID, replicas: UInt8, of record: RingRecord) -> String? {
        ringNode.objection(to: ring, replicas: replicas, of: record)
    }

    func linkOpened(with record: RingRecord) {
        _ = now
        log.debug("connected to \(record.node) at \(record.address)")
        ringNode.onLinkOpened(with: record)
    }

    func linkClosed(with node: NodeID) {
        _ = now
        ringNode.onLinkClosed(with: node)
        forgetStatusReports(of: node)
    }

    func connectionRefused(by node: NodeID) {
        _ = now
        ringNode.onLinkRefused(by: node)
    }

    func received(_ message: PeerMessage, from node: NodeID) {
        _ = now
        ringNode.onMessage(message, from: node)
        if case .statusReport(let number, let status) = message { take(status, of: node, number: number) }
    }

    func refused(by whom: String, because reason: String, isFinal: Bool, introducedAs incarnation: UInt64) {
        if reason == HandshakeRules.itself, let seed = NodeAddress(whom) { links.removeSeed(seed) }
        ringNode.onRefusal(by: whom, because: reason, isFinal: isFinal, introducedAs: incarnation)
    }
}
