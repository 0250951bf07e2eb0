import Cluster
import Protocol

/// Whoever gives a copy up, as a node that leaves does with all, must know that it is needed no more.
extension Checks {
    func noteEqual(_ replica: Replica, _ node: SimulatedNode) {
        guard replica.holding == .whole, replica.heldEpoch == replica.epoch, let model = model(of: replica.slot),
            replica.tally == model.tally(at: replica.log.commit)
        else { return }
        equal.sawRightCopy(of: replica.slot, in: replica.epoch, at: node.member)
    }

    /// `node` has just given its copy up, in one of the epochs that it knew in this turn. Each new member that its primary
    /// reached had a right copy in that epoch, and a majority of all did. (Since when counts, not whether it has one
    /// now: what rots later is another matter.)
    /// - Parameter epoch: that in which the turn began.
    func checkGivenUp(_ replica: Replica, at node: SimulatedNode, since epoch: Epoch) {
        guard let latest = replica.configuration, !latest.members.contains(node.member) else { return }
        let known = (min(epoch, latest.epoch)...latest.epoch).compactMap { model(of: replica.slot)?.configurations[$0] }
        let lacks = known.filter { !$0.members.contains(node.member) }.map { ($0, lacking(in: $0, replica.slot)) }
        guard !lacks.contains(where: { $0.1 == nil }), let (configuration, wrong) = lacks.last else { return }
        world.fail(
            .proof,
            "\(node) gave up its copy of slot \(replica.slot) in \(configuration.words); no right copies are at \(wrong ?? [])")
    }

    /// The members without a right copy, where that is against the law.
    private func lacking(in configuration: Configuration, _ slot: Slot) -> [Member]? {
        let wrong = configuration.members.filter { member in
            if let other = world.node(named: member.node), let now = other.process?.replicator.replica(slot) {
                noteEqual(now, other)
            }
            return !equal.hadRightCopy(of: slot, in: configuration.epoch, at: member)
        }
        let reached = wrong.filter { isReached($0, by: configuration.primary, in: configuration.epoch, slot) }
        guard !reached.isEmpty || configuration.members.count - wrong.count < configuration.majority else { return nil }
        return wrong
    }

    private func isReached(_ member: Member, by primary: Member, in epoch: Epoch, _ slot: Slot) -> Bool {
        guard member != primary else { return true }
        guard let node = world.node(named: member.node), node.member == member, node.isRunning,
            node.process?.replicator.replica(slot).epoch == epoch,
            let silence = world.node(named: primary.node)?.process?.replicator.silence(of: member.node)
        else { return false }
        return silence < world.settings.replication.failoverAfter
    }
}
