import Cluster
import Protocol
import Storage

extension TorcNode: RingView {
    var member: Member { identity.member }
    var nodes: [RingRecord] { ringNode.ring.records.filter { $0.status != .gone } }
    var replicas: Int { options.replicas }
    var isReady: Bool { ringNode.phase == .ready }
    var counts: SlotCensus.Counts { ringNode.replicator.census.counts }
    var slotsTargeted: Int { ringNode.replicator.targets.placesHeld(by: identity.node) }
    var slotsUnsettled: Int { ringNode.replicator.census.unsettled.count }
    var linkedNodes: [NodeID] { links.nodes }

    func record(of node: NodeID) -> RingRecord? { ringNode.ring.record(of: node) }

    func isAlive(_ node: NodeID) -> Bool {
        node == identity.node || ringNode.membership?.liveness(of: node) != .dead
    }

    func configuration(of slot: Slot) -> Configuration? { ringNode.replicator.configuration(of: slot) }

    func isComplete(_ slot: Slot) -> Bool { ringNode.replicator.isTrusted(slot) }

    var parameters: [(name: String, value: String)] {
        [
            ("port", "\(address.port)"), ("bind", address.host), ("dir", identity.folder?.path ?? ""),
            ("appendonly", store.isPersistent ? "yes" : "no"), ("appendfsync", options.fsync.rawValue),
            ("replicas", "\(options.replicas)"), ("memory", "\(options.memoryBytes)"),
        ]
    }
}
