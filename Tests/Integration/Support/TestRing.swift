import Foundation

/// A ring on free ports, whose nodes are called server1, server2, …; the first one is who others join.
final class TestRing {
    private let test: IntegrationTestCase
    private let flags: [String]
    private(set) var nodes: [NodeProcess] = []

    /// Starts the nodes and waits until all are ready and the ring is at rest.
    init(_ count: Int, flags: [String] = [], in test: IntegrationTestCase) throws {
        self.test = test
        self.flags = flags
        for _ in 0..<count { try add() }
        for node in nodes { try node.waitUntilReady() }
        try waitUntilSettled()
    }

    var ids: [String] { nodes.map(\.id) }
    var ports: [UInt16] { nodes.map(\.port) }
    subscript(index: Int) -> NodeProcess { nodes[index] }

    func client(_ index: Int) throws -> LineClient { try LineClient(port: nodes[index].port) }

    /// Starts one more node; it may not be ready yet.
    @discardableResult
    func add() throws -> NodeProcess {
        let node = try test.startNode(
            "server\(nodes.count + 1)", port: FreePorts.next(1)[0], flags + join(nodes.first))
        nodes.append(node)
        return node
    }

    private func join(_ node: NodeProcess?) -> [String] { node.map { ["-join", "127.0.0.1:\($0.port)"] } ?? [] }

    /// Starts a node that has ended, with its data and on its port.
    func restart(_ index: Int) throws {
        let other = nodes[index == 0 ? 1 : 0]
        nodes[index] = try test.startNode(nodes[index].id, port: nodes[index].port, flags + join(other))
    }

    /// As SIGKILL does; returns when the process is gone.
    func kill(_ index: Int) { nodes[index].process.end() }

    /// Waits until all nodes agree that they and no others are alive, that every slot is where it should be
    /// and nowhere else, and that nothing waits.
    func waitUntilSettled(without absent: [Int] = [], within limit: Duration = .seconds(60)) throws {
        let indices = nodes.indices.filter { !absent.contains($0) }
        let expected = indices.map { nodes[$0].id }
        for index in indices {
            try poll(until: "\(nodes[index].id) sees the ring at rest", within: limit, every: .milliseconds(100)) {
                if let unrest = try client(index).status().unrest(expecting: expected) {
                    throw LineClient.Failure(description: unrest)
                }
                return true
            }
        }
    }

    func waitUntil(
        _ index: Int, sees other: Int, as liveness: String, within limit: Duration = .seconds(30)
    ) throws {
        let id = nodes[other].id
        try poll(until: "\(nodes[index].id) sees \(id) \(liveness)", within: limit, every: .milliseconds(50)) {
            try client(index).status().node(id)?.liveness == liveness
        }
    }
}
