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
        _ replica: Replica, _ configuration: Configuration, by proposal: Proposal, bound: Configuration?,
        _ furthest: Version
    ) -> Configuration? {
        if let bound, bound.repair != nil { return bound }
        let epoch = Self.epoch(after: configuration.epoch, decidedBy: proposal.members)
        guard epoch < Version.epochMax else {
            notice(.error("epoch \(configuration.epoch) is too high for another repair"))
            return nil
        }
        return Configuration(
            epoch: epoch, members: proposal.members, base: bound?.base ?? furthest,
            repair: Repair(
                after: configuration.epoch, lost: proposal.lost, source: replica.repairSource))
    }

    /// Different for different members: operators on two sides of a cut who give up each other's nodes make two
    /// chains, of which one goes on when they meet.
    static func epoch(after epoch: Epoch, decidedBy members: [Member]) -> Epoch {
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

    /// What this node says before a repair: of every slot that cannot go on by itself.
    package func repairReport() -> RepairReport {
        RepairReport(digests: epochDigests(), copies: configuredReplicas.compactMap(reportedCopy))
    }

    private func reportedCopy(of replica: Replica) -> SlotCopy? {
        guard let configuration = replica.configuration, replica.holding != .nothing || replica.isMember(me) else {
            return nil
        }
        let trouble: SlotCopy.Trouble
        if hasLostMajority(configuration) {
            trouble = .majorityLost
        } else if replica.isMember(me), replica.isDisputed || replica.isUnsound {
            trouble = .differs
        } else {
            return nil
        }
        return SlotCopy(
            SlotEpoch(slot: replica.slot, epoch: replica.epoch), trouble, state(of: replica),
            position: replica.log.durable, floor: replica.floor, keys: replica.tally.keys,
            digest: replica.tally.digest)
    }

    private func state(of replica: Replica) -> SlotCopy.State {
        switch replica.holding {
        case .nothing: .nothing
        case .partial: .part
        case .whole: replica.isComplete ? .complete : .old
        }
    }

    /// An operator says how these slots go on.
    package func onRepair(_ orders: [RepairOrder]) {
        for order in orders {
            let replica = replica(order.item.slot)
            guard replica.epoch == order.item.epoch else { continue }
            switch order.kind {
            case .take:
                if let source = order.source { takeCopy(of: source, for: replica) }
            case .goOn, .beginAnew:
                replica.repairUntil = now + Self.patience
                // A later word without a source does not take back what an earlier one has made of the copies.
                replica.repairSource = order.kind == .beginAnew ? order.source : replica.repairSource
                replica.pullSource = order.source
                if order.kind == .beginAnew, order.source == me { beginAnew(replica, at: order.position) }
            }
            attend(replica)
        }
    }

    /// Whether the operator has given that word, to this start of the node or before: it stands in what was accepted.
    func mayRepair(_ replica: Replica) -> Bool { now < replica.repairUntil || hasAcceptedRepair(replica) }

    private func hasAcceptedRepair(_ replica: Replica) -> Bool { replica.accepted?.value.repair != nil }

    /// The first of those that are left proposes; where nobody is, whose copy it begins with decides. Who has accepted a
    /// repair carries it on when the operator's word is over: it may have been decided, and forgotten by all who were
    /// told.
    func stepRepair(_ replica: Replica) {
        guard mayRepair(replica), let configuration = replica.configuration else { return }
        agenda.insert(replica.slot)
        let lost = lostMembers(of: configuration)
        let left = configuration.members.filter { !lost.contains($0) }
        guard hasLostMajority(configuration), replica.proposal == nil, replica.isComplete else { return }
        if left.isEmpty { return decideAlone(replica, configuration) }
        let carriesOn = now >= replica.repairUntil && hasAcceptedRepair(replica)
        guard left.first == me || carriesOn, now >= replica.nextProposalAt, left.allSatisfy(isReachable) else { return }
        propose(left, for: replica, lost: lost)
    }
}
