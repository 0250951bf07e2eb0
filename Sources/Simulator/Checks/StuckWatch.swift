import Cluster
import Protocol

/// Once a second: whatever has been pending at a node for ten seconds without progress is named by its status, with
/// whom it waits for.
struct StuckWatch {
    /// Something that a node has still to do.
    private struct Thing: Hashable {
        let node: Int
        let what: String
        let slot: Slot?
    }

    /// How it stands; anything else is progress.
    private struct Stand: Equatable {
        let life: Int
        let epoch: Epoch
        let holding: Replica.Holding
        let keys: UInt64
    }

    static let interval = Duration.seconds(1)
    private static let patience = 10

    /// For how many looks nothing has changed, while the process ran.
    private var seen: [Thing: (stand: Stand, looks: Int)] = [:]

    /// - Returns: what is not named, in words; nil: everything is.
    mutating func look(at world: World) -> String? {
        var next: [Thing: (stand: Stand, looks: Int)] = [:]
        var problem: String?
        for node in world.nodes {
            guard let process = node.process else { continue }
            let evictAfter = world.settings.evictAfter
            for (thing, stand) in StuckWatch.pending(at: node, process, world.slots, evictAfter) {
                let last = seen[thing].flatMap { $0.stand == stand ? $0.looks : nil } ?? 0
                let looks = node.isRunning ? last + 1 : last
                next[thing] = (stand, looks)
                if looks > StuckWatch.patience, problem == nil {
                    problem = StuckWatch.complaint(about: thing, at: node, process)
                }
            }
        }
        seen = next
        return problem
    }

    private static func pending(
        at node: SimulatedNode, _ process: RingNode, _ slots: [Slot], _ evictAfter: Duration
    ) -> [(Thing, Stand)] {
        var things: [(Thing, Stand)] = []
        for slot in slots {
            let replica = process.replicator.replica(slot)
            let stand = Stand(life: node.life, epoch: replica.epoch, holding: replica.holding, keys: replica.keys)
            for what in pending(of: replica, at: node, process.replicator.targets[slot]) {
                things.append((Thing(node: node.number, what: what, slot: slot), stand))
            }
        }
        let stand = Stand(life: node.life, epoch: 0, holding: .nothing, keys: 0)
        for record in process.ring.records where record.status < .down && process.phase == .ready {
            guard let since = process.membership?.deadSince(record.node),
                process.replicator.now.since(since) > evictAfter
            else { continue }
            things.append((Thing(node: node.number, what: "eviction of \(record.node)", slot: nil), stand))
        }
        return things
    }

    /// By what the node has, not by what it says.
    private static func pending(of replica: Replica, at node: SimulatedNode, _ wanted: [Member]) -> [String] {
        guard let configuration = replica.configuration else { return [] }
        let isMember = replica.isMember(node.member)
        var kinds: [String] = []
        if isMember, !replica.isComplete { kinds.append("copy") }
        if isMember, replica.isChangingHands || replica.mustReopen { kinds.append("decision") }
        if isMember, replica.isUnsound { kinds.append("mending") }
        if !isMember, replica.holding != .nothing, !wanted.contains(node.member) { kinds.append("drop") }
        if replica.leadership != nil, !wanted.allSatisfy(configuration.members.contains) { kinds.append("growth") }
        return kinds
    }

    private static func complaint(about thing: Thing, at node: SimulatedNode, _ process: RingNode) -> String? {
        let waiting = process.status().waiting
        guard let slot = thing.slot else {
            if waiting.contains(where: { $0.what == thing.what && !$0.waitingFor.isEmpty }) { return nil }
            return "\(node) does not say why \(thing.what) waits"
        }
        guard let reason = process.replicator.waiting(for: process.replicator.replica(slot)) else {
            return "\(node) says nothing of slot \(slot), where a \(thing.what) waits"
        }
        guard waiting.contains(where: { $0.what.hasPrefix("\(reason.what) of ") && $0.waitingFor == reason.why }) else {
            return "the status of \(node) leaves out slot \(slot), where a \(thing.what) waits"
        }
        let isNamed = reason.why.contains("operator") || reason.why.contains { $0.isNumber }
        return isNamed ? nil : "\(node) does not say whom slot \(slot) waits for: \(reason.what), \(reason.why)"
    }
}
