import Cluster
import Protocol

/// A slot that loses its majority for ever, and the operator who sees to it.
extension World {
    /// - Parameters:
    ///   - first: with whom of the slot's members it begins.
    ///   - by: stays.
    func maim(_ slot: Int, from first: Int, by: Int) {
        guard nodes.indices.contains(by), nodes[by].isRunning, !checks.isMaimed,
            nodes.filter({ $0.hasJoined && !$0.isRetired }).allSatisfy({ $0.isRunning && $0.process?.phase == .ready }),
            let members = checks.maimable(slot, from: first, sparing: nodes[by])
        else { return }
        let victims = nodes.filter { members.contains($0.member) }
        for node in victims {
            node.end(isMachine: true, isSilent: true)
            node.retire()
        }
        checks.maim(victims)
        countMaiming()
        schedule(after: .seconds(1)) { [unowned self] in operate(on: members) }
    }

    /// The operator has the lost ones forgotten as soon as they are seen dead, then asks for the repair, again and
    /// again at whoever is there: once is not always enough. A node that is back with another disk is left alone.
    private func operate(on victims: [Member]) {
        guard failure == nil, checks.isMaimed else { return }
        let victims = victims.filter { victim in nodes.contains { $0.member == victim } }
        for node in nodes where node.isRunning {
            node.receive { process in
                let records = victims.compactMap { process.ring.record(of: $0.node) }
                let left = records.filter { $0.status != .gone && victims.contains($0.member) }
                for record in left { process.administer("FORGET \(record.node)", token: 0) }
                if left.isEmpty { process.administer("REPAIR -accept-loss", token: 0) }
            }
        }
        schedule(after: .seconds(1)) { [unowned self] in operate(on: victims) }
    }
}
