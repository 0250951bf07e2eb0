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
        schedule(after: .seconds(1)) { [unowned self] in operate() }
    }

    /// The operator has those that are gone for ever forgotten as soon as they are seen dead, also one that left and
    /// of which nobody knows any more, then asks for the repair, again and again at whoever is there: once is not
    /// always enough. A node that is back with another disk is left alone.
    private func operate() {
        guard failure == nil, checks.isMaimed else { return }
        let retired = nodes.filter(\.isRetired).map(\.member)
        for node in nodes where node.isRunning {
            node.receive { process in
                let left = process.ring.records.filter { $0.status != .gone && retired.contains($0.member) }
                for record in left { process.administer("FORGET \(record.node)", token: 0) }
                if left.isEmpty { process.administer("REPAIR -accept-loss", token: 0) }
            }
        }
        schedule(after: .seconds(1)) { [unowned self] in operate() }
    }
}
