import Cluster
import Protocol

@testable import Simulator

extension Plan {
    /// A world in which nothing is left to the seed but delays: a test changes what it is about.
    static func small(
        seed: UInt64 = 1, nodes: Int = 3, members: Int? = nil, span: Duration = .seconds(5),
        steps: [Step] = [], clients: [[ClientOperation]] = [],
        _ change: (inout WorldSettings) -> Void = { _ in }
    ) -> Plan {
        var settings = WorldSettings()
        settings.slots = 2
        change(&settings)
        return Plan(
            seed: seed, nodes: nodes, members: members ?? nodes, span: span, settings: settings, steps: steps,
            clients: clients)
    }
}

extension ClientOperation {
    static func one(
        _ kind: Kind, _ keyKind: KeyKind = .register, key: Int = 0, at node: Int = 0, pause: Duration = .zero,
        _ consistency: Consistency = .quorum
    ) -> ClientOperation {
        ClientOperation(
            kind: kind, keyKind: keyKind, key: key, consistency: consistency, pause: pause, node: node,
            retries: 0, patience: nil)
    }

    /// `count` clients that read and write without end, at quorum, every few milliseconds.
    static func load(
        clients count: Int, operations: Int = 2_000, keys: Int = 4, seed: UInt64 = 1
    ) -> [[ClientOperation]] {
        var random = Random(seed: seed)
        let kinds: [(Kind, KeyKind)] = [
            (.get, .register), (.get, .counter), (.set, .register), (.delete, .register), (.add(1), .counter),
            (.append, .list), (.compareAndSet, .register),
        ]
        return (0..<count).map { _ in
            (0..<operations).map { _ in
                let (kind, keyKind) = kinds[Int.random(in: 0..<kinds.count, using: &random)]
                return one(
                    kind, keyKind, key: Int.random(in: 0..<keys, using: &random),
                    at: Int.random(in: 0..<1_000, using: &random),
                    pause: .milliseconds(Int64.random(in: 1...30, using: &random)))
            }
        }
    }
}
