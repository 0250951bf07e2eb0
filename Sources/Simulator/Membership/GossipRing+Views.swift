import Cluster
import Protocol

/// What nodes think.
extension GossipRing {
    package var running: [GossipNode] { nodes.filter { $0.state == .running } }

    /// How node `index` sees `other`; nil for a stranger.
    package func view(of other: Int, by index: Int) -> Liveness? {
        nodes[index].membership.liveness(of: nodes[other].id)
    }

    /// Whether every other node that runs sees node `index` so.
    package func all(see index: Int, as liveness: Liveness) -> Bool {
        let id = nodes[index].id
        return nodes.allSatisfy {
            $0.state != .running || $0.index == index || $0.membership.liveness(of: id) == liveness
        }
    }

    /// Whether all that run know all others that run, alive.
    package var isWhole: Bool {
        let running = running
        // Counting is quick, and hardly ever wrong.
        guard running.allSatisfy({ $0.membership.aliveCount >= running.count }) else { return false }
        return running.allSatisfy { node in
            running.allSatisfy { node.membership.liveness(of: $0.id) == .alive }
        }
    }

    package var areRecordsEqual: Bool {
        let running = running
        guard let first = running.first else { return true }
        let digest = first.membership.recordsDigest
        return running.allSatisfy { $0.membership.recordsDigest == digest }
    }

    /// How often a node was declared dead by another one.
    package var deaths: Int {
        nodes.reduce(0) { $0 + $1.changes.count { $0.liveness == .dead } }
    }

    /// What all nodes together have sent.
    package var traffic: GossipTraffic { nodes.reduce(GossipTraffic()) { $0 + $1.traffic } }
}
