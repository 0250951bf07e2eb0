import Cluster
import Protocol

/// Looks that need time to have passed.
extension World {
    private static let farewellPatience = Duration.seconds(8)

    /// Every second.
    func watchWhatIsStuck() {
        schedule(after: StuckWatch.interval) { [unowned self] in
            guard failure == nil else { return }
            if let problem = checks.stuck.look(at: self) { fail(.named, problem) }
            watchWhatIsStuck()
        }
    }

    /// Nodes that hear what `node` says just now.
    func reached(by node: SimulatedNode) -> [(node: SimulatedNode, life: Int)] {
        nodes.filter { other in
            guard other !== node, other.isRunning, other.process?.membership != nil, let link = node.links[other.name]
            else { return false }
            return other.links[node.name] === link && link.brokenAt == nil
                && !network.isClogged(from: node.number, to: other.number)
                && !network.isClogged(from: other.number, to: node.number)
        }.map { ($0, $0.life) }
    }

    /// `member` has ended and says that it has left: if anybody was in reach, somebody knows.
    func watchFarewell(of member: Member, witnesses: [(node: SimulatedNode, life: Int)]) {
        schedule(after: World.farewellPatience) { [unowned self] in
            let isKnown = nodes.contains { node in
                guard let record = node.process?.ring.record(of: member.node) else { return false }
                return record.status == .gone || record.member != member
            }
            let awake = witnesses.filter { $0.node.life == $0.life && $0.node.isRunning }
            guard !isKnown, !awake.isEmpty else { return }
            fail(.farewell, "\(member.node) has left, and neither \(awake.map(\.node)) nor anybody else knows")
        }
    }
}
