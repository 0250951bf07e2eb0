import Cluster
import Protocol

@testable import Server

/// Takes every peer, and writes down what becomes of it.
final class TestLinksOwner: LinksOwner {
    var now = Instant.zero
    let log = Logger(level: .error, format: .text)
    let ownID = TestLinksOwner.id("here")
    private(set) var closed: [NodeID] = []

    static func id(_ text: String) -> NodeID {
        guard let id = NodeID(text) else { preconditionFailure(text) }
        return id
    }

    static func record(_ text: String) -> RingRecord {
        guard let address = NodeAddress("127.0.0.1:1") else { preconditionFailure() }
        return RingRecord(
            member: Member(node: id(text), disk: DiskID(rawValue: 1)), address: address, zone: "", weight: 1,
            incarnation: 1, status: .active)
    }

    func hello(to node: NodeID?) -> Hello {
        Hello(ring: nil, replicas: 3, record: Self.record("here"), dialled: node)
    }
    func judge(_ hello: Hello) -> Welcome {
        .accepted(ring: RingID(rawValue: 1), replicas: 3, record: Self.record("here"))
    }
    func objection(to ring: RingID, replicas: UInt8, of record: RingRecord) -> String? { nil }
    func linkOpened(with record: RingRecord) {}
    func linkClosed(with node: NodeID) { closed.append(node) }
    func connectionRefused(by node: NodeID) {}
    func received(_ message: PeerMessage, from node: NodeID) {}
    func refused(by whom: String, because reason: String, isFinal: Bool, introducedAs incarnation: UInt64) {}
}
