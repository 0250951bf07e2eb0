import Protocol

/// What brings each slot from its configuration to what the ring records wish for.
extension Replicator {
    /// The ring records changed.
    package func onTargets(_ targets: Targets) {
        self.targets = targets
        census.unsettled.formUnion(configured)
        for replica in configuredReplicas
        where replica.leadership != nil || replica.holding != .nothing || replica.invitedEpoch == replica.epoch {
            reviews.insert(replica.slot)
        }
    }

    /// The node is about to stop: it gives its role of primary away wherever another can take it.
    package func onStopping() {
        isStopping = true
        for node in connectedPeers { send(.stopping, to: node) }
        for replica in configuredReplicas where replica.leadership != nil { reviews.insert(replica.slot) }
    }

    /// Looks at a few slots that this node leads, all of them within `sweepInterval`: whether somebody is
    /// alive and ready changes with time, without any event.
    func sweep() {
        let ticks = max(1, Int(settings.sweepInterval.wholeMicroseconds / 50_000))
        for _ in 0..<(Slot.count / ticks + 1) {
            sweepCursor = (sweepCursor + 1) % Slot.count
            guard let slot = Slot(sweepCursor), configured.contains(slot) else { continue }
            let replica = replica(slot)
            if replica.leadership != nil { attend(replica) }
            if replica.pinnedUntil != .zero, now >= replica.pinnedUntil { replica.pinnedUntil = .zero }
        }
    }

    /// Looks at one slot: takes the next step of whatever is under way, and sees to it that the slot is
    /// looked at again while anything is.
    func step(_ replica: Replica) {
        stepEarly(replica)
        guard replica.configuration != nil else { return }
        stepPull(replica)
        stepMend(replica)
        stepProposal(replica)
        stepRepair(replica)
        if let leadership = replica.leadership { stepLeadership(replica, leadership) }
        if has(.dropEarly), replica.leadership == nil, !targets[replica.slot].contains(me),
            replica.holding == .whole
        {
            drop(replica)
        }
        if isSuperfluous(replica) {
            askToDrop(replica)
            surplus.append(replica.slot)
        }
        noteRest(of: replica)
    }

    private func stepPull(_ replica: Replica) {
        if let pull = replica.pull {
            agenda.insert(replica.slot)
            if now.since(pull.lastHeard) > settings.pullTimeout { failPull(of: replica) }
        } else if wantsPull(replica) {
            startPull(of: replica)
        }
    }

    private func stepEarly(_ replica: Replica) {
        guard !replica.early.isEmpty else { return }
        replica.removeEarly { now.since($0.since) >= settings.requestTimeout }
        agenda.insert(replica.slot)
    }

    private func stepProposal(_ replica: Replica) {
        guard replica.isMember(me), let configuration = replica.configuration else { return }
        if let proposal = replica.proposal {
            agenda.insert(replica.slot)
            if now.since(proposal.since) > proposalTimeout(round: proposal.ballot.round) { giveUpProposal(of: replica) }
            return
        }
        let heardSealed = replica.leadership?.heardSealed.map { now.since($0) > settings.sealedPatience }
        if !replica.isSealed, configuration.primary != me, suspicions[configuration.primary] != nil {
            takeOverIfAgreed(replica, from: configuration.primary)
        }
        guard replica.mustReopen || replica.isSealed || replica.leadership?.heardSealed != nil else { return }
        // After a start 16,384 slots wait for their turn: each is looked at when it comes (`fillFreePlaces`), not in every tick.
        if !mayStartProposal, waitingProposals.contains(replica.slot) { return }
        agenda.insert(replica.slot)
        guard now >= replica.nextProposalAt, replica.isComplete, reachesMajority(of: configuration) else {
            return
        }
        if replica.isSealed || replica.mustReopen || heardSealed == true {
            propose(successors(of: configuration), for: replica)
        }
    }

    private func reachesMajority(of configuration: Configuration) -> Bool {
        configuration.members.count(where: isReachable) >= configuration.majority
    }

    private func stepLeadership(_ replica: Replica, _ leadership: Leadership) {
        expireHeld(of: replica, leadership)
        switch leadership.phase {
        case .opening:
            agenda.insert(replica.slot)
        case .open:
            guard !replica.isSealed, replica.isComplete else { return }
            stepVouch(replica)
            inviteLearners(for: replica, leadership)
            plan(replica, leadership)
        case .closing(let next, let since):
            stepClosing(replica, leadership, next: next, since: since)
        }
    }

    // MARK: Learners

    private func inviteLearners(for replica: Replica, _ leadership: Leadership) {
        let wanted = targets[replica.slot]
        leadership.flows.removeAll { !$0.isMember && !wanted.contains($0.member) }
        for member in wanted where member != me && leadership.flow(to: member) == nil {
            leadership.flows.append(flow(to: member, isMember: false))
            replica.share()
        }
        guard let configuration = replica.configuration else { return }
        for flow in leadership.flows where !flow.isMember && !flow.isInvited && isReachable(flow.member) {
            flow.isInvited = true
            send(
                .learn(SlotConfiguration(slot: replica.slot, configuration: configuration)),
                to: flow.member.node)
        }
    }

    // MARK: The next configuration

    private func plan(_ replica: Replica, _ leadership: Leadership) {
        guard let next = nextMembers(replica, leadership) else { return }
        guard now >= leadership.nextPlanAt else {
            agenda.insert(replica.slot)
            return
        }
        // Looked at again when a place becomes free: thousands that wait must not cost every tick.
        guard closings.take() else {
            waitingClosings.insert(replica.slot)
            return
        }
        closingUnderWay += 1
        leadership.phase = .closing(next: next, since: now)
        if next.count < replica.memberCount {
            for member in next where member != me { mustHear.insert(member.node) }
        }
        stepClosing(replica, leadership, next: next, since: now)
    }

    /// The members that shall follow, the primary first; nil while no change is wanted or possible.
    private func nextMembers(_ replica: Replica, _ leadership: Leadership) -> [Member]? {
        guard let configuration = replica.configuration else { return nil }
        let wanted = targets[replica.slot]
        guard !wanted.isEmpty else { return nil }
        let present = configuration.members
        if present == wanted, !isStopping { return nil }
        var next = changedMembers(present, wanted: wanted, replica, leadership)
        next = wanted.filter(next.contains) + next.filter { !wanted.contains($0) }
        let ready = next.first { member in
            member == me ? !isStopping : isReadyToLead(member, replica, leadership)
        }
        let primary = ready ?? (next.contains(me) ? me : nil)
        guard let primary else { return nil }
        next = [primary] + next.filter { $0 != primary }
        let isSame = next.count == present.count && primary == present[0] && next.allSatisfy(present.contains)
        return isSame ? nil : next
    }

    /// One member at a time comes or goes; from one member it goes straight to all that are wanted and
    /// there, since two members need both.
    private func changedMembers(
        _ present: [Member], wanted: [Member], _ replica: Replica, _ leadership: Leadership
    ) -> [Member] {
        let missing = wanted.filter { !present.contains($0) }
        let ready = missing.filter { isReady($0, replica, leadership) }
        if present.count == 1, wanted.contains(present[0]) {
            let reachable = missing.filter(isAlive)
            return ready.count == reachable.count ? present + ready : present
        }
        let surplus = present.filter { !wanted.contains($0) }
        if let learner = ready.first {
            // The same node on another disk takes its own place: a configuration names a node once.
            if let old = present.first(where: { $0.node == learner.node }) {
                return present.map { $0 == old ? learner : $0 }
            }
            guard present.count >= wanted.count else { return present + [learner] }
            let leaving = surplus.last { !isAlive($0) } ?? surplus.last { $0 != me } ?? surplus.last
            return present.filter { $0 != leaving } + [learner]
        }
        if missing.isEmpty, let leaving = surplus.last(where: { !isAlive($0) }) ?? surplus.last {
            return present.filter { $0 != leaving }
        }
        return present
    }

    private func isReadyToLead(_ member: Member, _ replica: Replica, _ leadership: Leadership) -> Bool {
        peers[member.node]?.isStopping != true && isReady(member, replica, leadership)
    }

    /// Complete, and so little behind that it will have the rest at once.
    private func isReady(_ member: Member, _ replica: Replica, _ leadership: Leadership) -> Bool {
        guard isAlive(member), let flow = leadership.flow(to: member) else { return false }
        guard flow.isDeclared else { return false }
        return flow.acknowledged >= replica.log.commit
            || replica.log.entries(after: flow.acknowledged).count < 64
    }

    private func stepClosing(
        _ replica: Replica, _ leadership: Leadership, next: [Member], since: Instant
    ) {
        agenda.insert(replica.slot)
        guard replica.proposal == nil, !replica.isSealed else { return }
        if next.count < replica.memberCount, !haveSpoken(next, since: since) {
            unheard.insert(replica.slot)
        } else if isSettled(next, replica, leadership) {
            return proposeAsPrimary(next, for: replica, leadership)
        }
        guard now.since(since) > settings.closingTimeout else { return }
        closingUnderWay -= 1
        leadership.phase = .open
        leadership.nextPlanAt = now + settings.closingTimeout
        takeUpHeld(of: leadership)
    }

    /// Everything is committed, and who shall be a member has it all; a present member may lag, unless it
    /// shall lead, as long as a majority of those that shall be members is there and has everything: else the slot
    /// could not open again, perhaps never, where the disk of one that is away is lost.
    private func isSettled(_ next: [Member], _ replica: Replica, _ leadership: Leadership) -> Bool {
        if has(.takeInLaggingLearners) { return true }
        guard replica.log.commit == replica.log.position else { return false }
        var settled = 0
        for member in next {
            if member == me || isAlive(member) && hasEverything(member, replica, leadership) {
                settled += 1
                continue
            }
            guard replica.isMember(member), member != next[0], !isAlive(member) else { return false }
        }
        return settled > next.count / 2
    }

    /// Fewer members bear fewer losses, so where a slot shrinks those that stay must have been heard from since:
    /// one whose machine is gone is only missed after a while. `plan` has asked them for a word.
    private func haveSpoken(_ members: [Member], since: Instant) -> Bool {
        members.allSatisfy { $0 == me || !isAlive($0) || knownPeer($0.node).lastWord > since }
    }

    private func hasEverything(_ member: Member, _ replica: Replica, _ leadership: Leadership) -> Bool {
        guard let flow = leadership.flow(to: member) else { return false }
        return flow.isDeclared && flow.acknowledged == replica.log.position
    }
}
