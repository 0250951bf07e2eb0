import Cluster
import Protocol

extension Ring {
    /// `count` active nodes, n1 and on, of weight 1 and without zones.
    package static func plain(_ count: Int) -> Ring {
        let names = (1...max(1, count)).compactMap { NodeID("n\($0)") }
        return Ring(names.map { name in
            RingRecord(
                member: Member(node: name, disk: DiskID(rawValue: 1)), address: NodeAddress(host: "127.0.0.1", port: 8081),
                zone: "", weight: 1, incarnation: 1, status: .active)
        })
    }
}
