import Protocol

/// Taking up a decided configuration.
extension Replicator {
    /// `configuration` was decided. Decisions arrive in any order and any number of times.
    package func adopt(_ configuration: Configuration, of replica: Replica) {
        guard configuration.epoch > replica.epoch else { return }
        let isRemembered = hasAccepted(configuration, replica)
        let closedSince = stepDown(replica, for: configuration)
        replica.previousMembers = replica.configuration?.members ?? []
        if let primary = replica.configuration?.primary { suspicions[primary]?.lastProgress = now }
        led.move(replica.slot, from: replica.primary, to: configuration.primary)
        replica.configuration = memberLists.shared(configuration)
        configured.insert(replica.slot)
        replica.bases.add(configuration.base, of: configuration.epoch, after: configuration.predecessor)
        replica.promised = nil
        replica.accepted = nil
        replica.isAcceptedDurably = false
        if has(.loseRequestIDs) { replica.requests = nil }
        replica.floor = .zero
        replica.parkedAccept = nil
        replica.sealedSince = nil
        replica.failedProposals = 0
        replica.nextProposalAt = .zero
        let isSurplus = replica.holding != .nothing && !configuration.members.contains(me)
        replica.nextDropQueryAt = isSurplus ? now + settings.dropQueryInterval : .zero
        replica.dropDelay = nil
        replica.mustReopen = false
        replica.repairSource = nil
        replica.pullSource = nil
        awaited.remove(replica.slot)
        replica.hasGap = false
        finish(replica)
        saveRecord(of: replica)
        if replica.isHeld, !isRemembered { deferHeld(replica) }
        if configuration.primary == me {
            lead(replica, configuration)
            replica.leadership?.handOver = closedSince.map { (.kept, $0) } ?? (.taken, now)
        } else if let closedSince {
            handOverTimes.add(.given, since: closedSince, now: now)
        }
        if isRemembered, replica.isComplete { takePart(in: replica) }
        reconfigured.insert(replica.slot)
        takeUpEarly(of: replica)
        attend(replica)
    }

    /// Whatever this node did for the slot in the epoch that has ended.
    /// - Returns: since when it had been closed for a planned change.
    private func stepDown(_ replica: Replica, for next: Configuration) -> Instant? {
        var closedSince: Instant?
        if let leadership = replica.leadership {
            if case .closing(_, let since) = leadership.phase {
                closingUnderWay -= 1
                closedSince = since
            }
            handBack(leadership, of: replica.slot, to: next)
            replica.leadership = nil
        }
        endProposal(of: replica)
        endPull(of: replica)
        return closedSince
    }

    /// Whether this member has accepted durably what has now been decided. So it cannot forget it: sealed, it asks what
    /// became of it. And it has all up to the base.
    private func hasAccepted(_ configuration: Configuration, _ replica: Replica) -> Bool {
        replica.isComplete && replica.isAcceptedDurably && replica.accepted?.value == configuration
            && replica.log.durable >= configuration.base
    }

    /// This member is complete as of the epoch that has just begun.
    private func takePart(in replica: Replica) {
        if replica.leadership != nil {
            openIfPossible(replica)
        } else {
            undeclared.insert(replica.slot)
        }
    }

    func lead(_ replica: Replica, _ configuration: Configuration) {
        // It may have led this epoch before it was started: no version is given twice.
        guard configuration.epoch != replica.ledBefore || has(.leadTwice) else {
            replica.mustReopen = true
            return
        }
        if configuration.epoch > replica.ledBefore { replica.ledBefore = 0 }
        replica.leadership = Leadership(
            of: replica, flows: configuration.members.filter { $0 != me }.map { flow(to: $0, isMember: true) })
        replica.votes = nil
        // Who had a copy before asks soon whether those of the members are equal. Otherwise not while everything that
        // was lost is taken over at once.
        let isLeft = !replica.previousMembers.allSatisfy(configuration.members.contains)
        replica.nextVouchAt = now + (isLeft ? settings.dropQueryInterval / 2 : settings.antiEntropyInterval)
        if replica.isDisputed { replica.nextVouchAt = now }
        newlyLed.insert(replica.slot)
    }

    /// Members that knew of it earlier have declared themselves to a primary that was none yet.
    func introduceAsPrimary() {
        guard !newlyLed.isEmpty else { return }
        var missing: [NodeID: [SlotConfiguration]] = [:]
        for slot in newlyLed.take() {
            let replica = replica(slot)
            guard let configuration = replica.configuration, let leadership = replica.leadership else { continue }
            for flow in leadership.flows where !flow.isDeclared && isReachable(flow.member) {
                let news = SlotConfiguration(slot: slot, configuration: configuration)
                missing[flow.member.node, default: []].append(news)
            }
        }
        for node in missing.keys.sorted() { send(.configurations(missing[node] ?? []), to: node) }
    }

    /// This node goes on to lead. Who has durably accepted that has all up to the base, and is complete when the decision
    /// reaches it, which goes out before anything of the new epoch does.
    /// - Parameter acceptors: members whose connection has been the same since, and who have said nothing of a later
    ///   epoch: they have promised nothing in it.
    func countAcceptors(_ acceptors: [Member], of replica: Replica) {
        guard let leadership = replica.leadership, let base = replica.configuration?.base else { return }
        for member in acceptors {
            guard let flow = leadership.flow(to: member) else { continue }
            flow.isDeclared = true
            flow.isAssumed = true
            flow.acknowledged = base
            flow.sent = base
            flow.commitSent = knownCommit(of: replica, base: base)
        }
        openIfPossible(replica)
    }

    /// What a complete member knows to be committed without a word of the primary.
    func knownCommit(of replica: Replica, base: Version) -> Version {
        // Where entries are kept it is to hear which of them nobody needs any more.
        replica.log.isEmpty ? base : .zero
    }

    /// Behind the decisions of this turn, so that who leads by one of them knows it.
    func sendDeclarations() {
        guard !undeclared.isEmpty else { return }
        for slot in undeclared.take() { declare(replica(slot)) }
    }

    /// Makes the log equal to the base of each epoch that followed, as far as their bases are known and
    /// what is here reaches them.
    ///
    /// A log of epoch h is a prefix of the order of h. What of it lies beyond the base of h + 1 never
    /// happened; all before that base belongs to the slot for ever, and so is committed. A log that ends
    /// exactly at that base is complete in h + 1.
    private func finish(_ replica: Replica) {
        guard replica.holding == .whole else { return }
        while replica.heldEpoch < replica.epoch, let (next, base) = replica.bases.next(after: replica.heldEpoch) {
            guard base >= replica.log.commit else {
                return fault(replica, "has committed writes beyond the base of epoch \(next)")
            }
            if !has(.keepBeyondTheBase) { truncate(replica, after: base) }
            advanceCommit(of: replica, to: replica.log.position)
            if has(.completeWithoutTheBase), replica.log.position < base { replica.log = SlotLog(at: base) }
            guard replica.log.position == base || has(.keepBeyondTheBase) else { return }
            replica.heldEpoch = next
        }
    }

    /// What must never be: the copy here contradicts what was decided. It is not used any more.
    func fault(_ replica: Replica, _ what: String) {
        notice(.contradiction("slot \(replica.slot) \(what); its copy here is replaced"))
        replica.holding = .partial
        replica.heldEpoch = 0
    }

    /// The primary serves once a majority of its epoch's members is complete: then all up to the base is
    /// committed, and nobody of the epoch before can commit anything more.
    func openIfPossible(_ replica: Replica) {
        guard let leadership = replica.leadership, leadership.phase == .opening, replica.isComplete,
            !replica.isSealed, let configuration = replica.configuration
        else { return }
        let complete = leadership.flows.filter {
            $0.isDeclared && configuration.members.contains($0.member)
        }
        guard complete.count + 1 >= configuration.majority else { return }
        leadership.phase = .open
        if let (kind, since) = leadership.handOver { handOverTimes.add(kind, since: since, now: now) }
        leadership.handOver = nil
        leadership.opened = ownVouch(of: replica)
        dirty.insert(replica.slot)
        takeUpHeld(of: leadership)
        attend(replica)
    }

    /// Says for how long slots were closed, once none has changed hands for `span`.
    func reportHandOvers(quietFor span: Duration) {
        if let words = handOverTimes.takeWords(now: now, quietFor: span) { notice(.info("hand-over: \(words)")) }
    }
}
