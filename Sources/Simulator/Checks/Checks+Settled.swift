import Cluster
import Protocol

/// What must be so some time after the last fault.
extension Checks {
    /// What is not yet as it should be, in words; nil: all is.
    func unsettled(in world: World) -> String? { misplaced(in: world) ?? expiring(in: world) }

    /// What has a ttl goes in time.
    private func expiring(in world: World) -> String? {
        for node in world.nodes where node.isUp {
            for slot in world.slots {
                let table = node.disk.live.tables[slot] ?? [:]
                if table.values.contains(where: { $0.expiry != nil }) {
                    return "\(node) has entries in slot \(slot) that expire"
                }
            }
        }
        return nil
    }

    /// What somebody must still do; nil: nothing.
    func misplaced(in world: World) -> String? {
        let nodes = world.nodes.filter { $0.isUp }
        for node in nodes {
            if let process = node.process, process.phase != .ready { return "\(node) is \(process.phase), waits for \(process.unreadiness ?? "nothing")" }
        }
        guard let first = nodes.first?.process else { return nil }
        for node in nodes where node.process?.ring.digest != first.ring.digest {
            return "\(node) knows another ring than \(nodes[0])"
        }
        let targets = first.replicator.targets
        for slot in world.slots {
            for node in nodes {
                if let reason = unsettled(slot, at: node, wanted: targets[slot]) { return reason }
            }
        }
        return nil
    }

    private func unsettled(_ slot: Slot, at node: SimulatedNode, wanted: [Member]) -> String? {
        guard let replica = node.process?.replicator.replica(slot), let model = model(of: slot) else { return nil }
        guard let configuration = replica.configuration else { return "\(node) knows nothing of slot \(slot)" }
        guard configuration == model.latest else {
            return "\(node) knows \(configuration.words) of slot \(slot)"
        }
        guard configuration.primary == wanted.first, Set(configuration.members) == Set(wanted) else {
            return "slot \(slot) is at \(configuration.words), wanted \(wanted)"
        }
        guard wanted.contains(node.member) else {
            return replica.holding == .nothing ? nil : "\(node) still has data of slot \(slot)"
        }
        guard replica.isComplete else { return "\(node) is not complete in slot \(slot)" }
        guard !replica.isChangingHands, !replica.mustReopen else { return "\(node) is about to change slot \(slot)" }
        checkTable(of: replica, node)
        if rot.isAffected(slot, at: node) { return "\(node) has a copy of slot \(slot) that has rotted" }
        checkRequests(of: replica, node)
        guard replica.log.commit == model.committedEnd, replica.log.position == model.committedEnd else {
            return "\(node) has slot \(slot) committed up to \(replica.log.commit) of \(model.committedEnd)"
        }
        return nil
    }

    /// What the nodes say that they wait for.
    func reasons(in world: World) -> [String] {
        world.nodes.flatMap { node in
            // The ring has few slots; of the others nobody knows anything.
            (node.process?.status().waiting ?? []).filter { !$0.what.hasPrefix("configuration") }.map {
                "\(node): \($0.what) waits for \($0.waitingFor)"
            }
        }
    }
}
