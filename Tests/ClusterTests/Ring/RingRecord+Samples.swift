import Cluster
import Protocol

extension RingRecord {
    /// An active node with defaults for all that a test does not care about.
    static func sample(
        _ id: String, disk: UInt64 = 1, host: String = "127.0.0.1", port: UInt16 = 7000, zone: String = "",
        weight: UInt16 = 1, incarnation: UInt64 = 1, status: Status = .active
    ) -> RingRecord {
        guard let node = NodeID(id) else { preconditionFailure("not a node id: \(id)") }
        return RingRecord(
            member: Member(node: node, disk: DiskID(rawValue: disk)),
            address: NodeAddress(host: host, port: port), zone: zone, weight: weight,
            incarnation: incarnation, status: status)
    }

    /// One of few records of few nodes, so that every pair of fields collides and differs often. Two of the
    /// zones are one text for Unicode, in different bytes.
    static func random(using random: inout Random) -> RingRecord {
        sample(
            "node-\(Int.random(in: 0..<3, using: &random))",
            disk: UInt64.random(in: 1...2, using: &random),
            host: Bool.random(using: &random) ? "a" : "b",
            port: UInt16.random(in: 1...2, using: &random),
            zone: ["", "\u{E9}", "e\u{301}"].randomElement(using: &random) ?? "",
            weight: UInt16.random(in: 1...2, using: &random),
            incarnation: UInt64.random(in: 1...2, using: &random),
            status: Status.allCases.randomElement(using: &random) ?? .active)
    }
}

extension Ring {
    /// `count` active nodes, `node-0` and on, each `weight` heavy and in `zone`.
    static func sample(
        _ count: Int, zone: (Int) -> String = { _ in "" }, weight: (Int) -> UInt16 = { _ in 1 }
    ) -> Ring {
        Ring((0..<count).map { .sample("node-\($0)", zone: zone($0), weight: weight($0)) })
    }
}
