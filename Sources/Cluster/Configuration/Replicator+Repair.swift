import Protocol

/// Slots that lost their majority for ever, and how an operator has them go on.
///
/// A member is *lost* when the ring has put its disk out (`gone`), or knows its node with another disk. A slot that
/// has lost a majority of its members can decide nothing by itself. On an operator's word, and never without, the
/// next configuration may be decided by *all members that are left*, in the same instance of Paxos as any other
/// successor of that epoch, with the same promises, which seal.
///
/// Invariants:
/// - any two of these quorums that share a member agree, as in Paxos: two operators at once make one chain. And a
///   majority of which one member is left agrees with them as well: what it may have decided binds in its base;
/// - the base is the highest position among all that are left, or one that covers all that was ever committed in
///   the epoch: of committed writes nothing is lost but what only lost members had;
/// - an acceptor itself holds all members that are given up for lost: no node that is in the ring is outvoted;
/// - the epoch is `epochStep` beyond, and depends on who is left: whatever lost members decided or will decide
///   among themselves comes before it in the slot's order of configurations, and whoever hears of it goes on with
///   it, and discards what it has beyond its base.
extension Replicator {
    /// Lost members that do not know that they are would have to change hands as often to catch up.
    private static let epochStep: Epoch = 1 << 15
    /// How long the operator's word holds.
    private static let patience = Duration.seconds(30)

    // MARK: Who is lost

    func lostMembers(of configuration: Configuration) -> [Member] { configuration.members.filter(isLost) }

    func hasLostMajority(_ configuration: Configuration) -> Bool {
        configuration.members.count - lostMembers(of: configuration).count < configuration.majority
    }

    /// Whether `members` can decide what follows `configuration`.
    func isQuorum(_ members: [Member], of configuration: Configuration, lost: [Member]) -> Bool {
        guard !lost.isEmpty else {
            let needed = has(.decideByMinority) ? max(1, configuration.majority - 1) : configuration.majority
            return members.count >= needed
        }
        if has(.repairWithoutAll) { return true }
        return configuration.members.allSatisfy { lost.contains($0) || members.contains($0) }
    }

    // MARK: The configuration

    /// What a repair proposes. A repair that some member has accepted binds as any value does. Of another value
    /// only the base does: it may have been decided, but by members of which most are lost now.
    func repaired(
        _ configuration: Configuration, by proposal: Proposal, bound: Configuration?, _ furthest: Version
    ) -> Configuration? {
        if let bound, bound.repair != nil { return bound }
        let epoch = Self.epoch(after: configuration.epoch, decidedBy: proposal.members)
        guard epoch < Version.epochMax else {
            notice(.error("epoch \(configuration.epoch) is too high for another repair"))
            return nil
        }
        return Configuration(
            epoch: epoch, members: proposal.members, base: bound?.base ?? furthest,
            repair: Repair(after: configuration.epoch, lost: proposal.lost))
    }

    /// Different for different members: operators on two sides of a cut who give up each other's nodes make two
    /// chains, of which one goes on when they meet.
    private static func epoch(after epoch: Epoch, decidedBy members: [Member]) -> Epoch {
        var writer = ByteWriter()
        writer.write(members.sorted())
        let mark = Epoch(truncatingIfNeeded: XXH3.hash(writer.bytes)) % epochStep
        return (epoch / epochStep + 2) * epochStep + mark
    }

    /// Whether this member may accept `value` as the successor of `configuration`.
    func mayFollow(_ value: Configuration, _ configuration: Configuration) -> Bool {
        guard let repair = value.repair else { return value.epoch == configuration.epoch + 1 }
        return repair.after == configuration.epoch && value.epoch > configuration.epoch
            && repair.lost.allSatisfy { isLost($0) && configuration.members.contains($0) && $0 != me }
            && repair.lost.count > configuration.members.count - configuration.majority
            && value.members.allSatisfy { configuration.members.contains($0) && !repair.lost.contains($0) }
    }

    // MARK: The operator's word

    /// What this node says before a repair.
    package func repairReport() -> RepairReport {
        let copies = configuredReplicas.compactMap { replica -> SlotCopy? in
            guard let configuration = replica.configuration, replica.isMember(me), hasLostMajority(configuration)
            else { return nil }
            return SlotCopy(
                slot: replica.slot, epoch: replica.epoch, position: replica.log.durable,
                isComplete: replica.isComplete)
        }
        return RepairReport(digests: epochDigests(), copies: copies)
    }

    /// An operator accepts what may be lost.
    package func onRepair(_ slots: [SlotEpoch]) {
        for item in slots {
            let replica = replica(item.slot)
            guard replica.epoch == item.epoch, replica.isMember(me) else { continue }
            replica.repairUntil = now + Self.patience
            attend(replica)
        }
    }

    /// The first of those that are left proposes.
    func stepRepair(_ replica: Replica) {
        guard now < replica.repairUntil, let configuration = replica.configuration else { return }
        agenda.insert(replica.slot)
        let lost = lostMembers(of: configuration)
        let left = configuration.members.filter { !lost.contains($0) }
        guard hasLostMajority(configuration), left.first == me, replica.proposal == nil, replica.isComplete,
            now >= replica.nextProposalAt, left.allSatisfy(isReachable)
        else { return }
        propose(left, for: replica, lost: lost)
    }
}
