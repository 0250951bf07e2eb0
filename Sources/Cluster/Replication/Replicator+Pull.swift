import Protocol

/// Sync, at the node that gets itself what it lacks.
extension Replicator {
    /// The primary wants a learner here.
    func onLearn(_ invitation: SlotConfiguration, from node: NodeID) {
        let replica = replica(invitation.slot)
        adopt(invitation.configuration, of: replica)
        guard replica.epoch == invitation.configuration.epoch else {
            return reconcile(replica, epoch: invitation.configuration.epoch, with: node)
        }
        replica.invitedEpoch = replica.epoch
        if replica.isComplete { declare(replica) }
        attend(replica)
    }

    /// Whether this node should get itself something of the slot, and from whom first.
    func wantsPull(_ replica: Replica) -> Bool {
        guard replica.configuration != nil else { return false }
        if let accept = replica.parkedAccept, replica.isHeld {
            return replica.log.position < accept.value.base
        }
        if replica.hasGap { return true }
        let isInvited = replica.invitedEpoch == replica.epoch && targets[replica.slot].contains(me)
        let isWanted = replica.isMember(me) || isInvited
        return isWanted && !replica.isHeld
    }

    func startPull(of replica: Replica) {
        guard replica.pull == nil else { return }
        // A member makes writes safe, a learner does not yet: it may wait.
        let isLesson = !replica.isMember(me)
        guard pulling.count < settings.pullsMax, !isLesson || lessons.left > 0 else {
            let copies = livingCopies(of: replica)
            if isLesson {
                waitingLessons.insert(replica.slot, copies: copies)
            } else {
                waitingPulls.insert(replica.slot, copies: copies)
            }
            return
        }
        guard let source = nextSource(for: replica), let session = session(with: source.node)
        else {
            agenda.insert(replica.slot)
            return
        }
        if isLesson { _ = lessons.take() }
        pulling.insert(replica.slot)
        replica.pull = Pull(source: source, session: session, lastHeard: now)
        agenda.insert(replica.slot)
        if replica.holding == .whole {
            fetchLog(of: replica, from: source)
        } else {
            replica.pull?.phase = .copying(after: nil, start: nil)
            fetchPiece(of: replica, after: nil, from: source)
        }
    }

    /// Who is asked: the holder that a proposal names, else the primary, the other members, and those who
    /// were members before, each in turn until one can help.
    private func nextSource(for replica: Replica) -> Member? {
        var candidates: [Member] = []
        if let accept = replica.parkedAccept, replica.isHeld { candidates.append(accept.holder) }
        if let source = replica.pullSource { candidates.append(source) }
        for member in (replica.configuration?.members ?? []) + replica.previousMembers
        where !candidates.contains(member) {
            candidates.append(member)
        }
        candidates.removeAll { $0 == me || !isReachable($0) }
        guard !candidates.isEmpty else { return nil }
        return candidates[replica.pullAttempts % candidates.count]
    }

    func fetch(_ want: Fetch.Want, of replica: Replica, from source: Member) {
        fetchNumber += 1
        replica.pull?.number = fetchNumber
        let fetch = Fetch(slot: replica.slot, epoch: replica.epoch, number: fetchNumber, want: want)
        send(.fetch(fetch), to: source.node)
    }

    private func fetchLog(of replica: Replica, from source: Member) {
        fetch(
            .log(heldEpoch: replica.heldEpoch, position: replica.log.position), of: replica, from: source)
    }

    func endPull(of replica: Replica) {
        guard replica.pull != nil else { return }
        replica.pull = nil
        pulling.remove(replica.slot)
        attend(replica)
    }

    /// Another source may help where this one could not.
    func failPull(of replica: Replica) {
        replica.pullAttempts += 1
        guard replica.pull != nil else { return }
        replica.pull = nil
        pulling.remove(replica.slot)
        agenda.insert(replica.slot)
    }

    func onSupply(_ supply: Supply, from member: Member) {
        if onMendSupply(supply, from: member) { return }
        let replica = replica(supply.slot)
        guard var pull = replica.pull, pull.source == member,
            pull.session == session(with: member.node), pull.number == supply.number
        else { return }
        guard supply.epoch == replica.epoch else { return failPull(of: replica) }
        pull.lastHeard = now
        replica.pull = pull
        if supply.content.replacesTable, keepsWhatItAccepted(replica) { return failPull(of: replica) }
        switch supply.content {
        case .later: break
        case .refused:
            failPull(of: replica)
        case .copyNeeded:
            replica.pull?.phase = .copying(after: nil, start: nil)
            fetchPiece(of: replica, after: nil, from: member)
        case .chunk(let entries, let through, let applied, let tail):
            take(entries, through: through, applied: applied, tail: tail, into: replica, pull)
        case .differs(let through): fetchDifference(of: replica, through: through, pull)
        case .difference(let difference): take(difference, into: replica, pull)
        case .log(let previous, let entries, let commit, let digest):
            take(entries, after: previous, commit: commit, digest: digest, into: replica, pull)
        }
    }

    /// Whether this member vouches, by what it has accepted, for all up to a base: a copy in the place of that must not
    /// begin. Where a later ballot has another value, the earlier one was never decided.
    private func keepsWhatItAccepted(_ replica: Replica) -> Bool {
        replica.isHeld && replica.accepted != nil && replica.parkedAccept == nil
    }

    // MARK: The log

    private func take(
        _ entries: [LogEntry], after previous: Version, commit: Version, digest: UInt64?,
        into replica: Replica, _ pull: Pull
    ) {
        if case .copying = pull.phase { return }
        let isLast = digest != nil
        guard follows(entries, previous, in: replica.epoch) else { return failPull(of: replica) }
        if replica.isHeld {
            return fillGap(of: replica, with: entries, after: previous, commit: commit, isLast: isLast)
        }
        guard previous <= replica.log.position, previous >= replica.log.commit else {
            // What is here cannot be joined with what was sent.
            replica.pull?.phase = .copying(after: nil, start: nil)
            return fetchPiece(of: replica, after: nil, from: pull.source)
        }
        truncate(replica, after: previous)
        append(entries.filter { $0.version > replica.log.position }, to: replica)
        guard isLast else { return fetchMore(of: replica, from: pull.source) }
        // A copy that is behind what this member acknowledged or promised in the epoch must not count.
        guard replica.log.position >= replica.floor else { return failPull(of: replica) }
        advanceCommit(of: replica, to: commit)
        guard isProven(replica, commit: commit, digest: digest, pull) else { return failPull(of: replica) }
        replica.holding = .whole
        replica.heldEpoch = replica.epoch
        replica.hasGap = false
        replica.pullAttempts = 0
        saveRecord(of: replica)
        deferHeld(replica)
        endPull(of: replica)
    }

    /// What is held is a prefix of the same order, perhaps longer by now than when it was asked for: it
    /// only grows.
    private func fillGap(
        of replica: Replica, with entries: [LogEntry], after previous: Version, commit: Version, isLast: Bool
    ) {
        guard let source = replica.pull?.source, previous <= replica.log.position else {
            return failPull(of: replica)
        }
        append(entries.filter { $0.version > replica.log.position }, to: replica)
        advanceCommit(of: replica, to: commit)
        guard isLast else { return fetchMore(of: replica, from: source) }
        replica.hasGap = false
        // This source does not reach the proposed base either: another may.
        if let accept = replica.parkedAccept, replica.log.position < accept.value.base {
            return failPull(of: replica)
        }
        replica.pullAttempts = 0
        endPull(of: replica)
        // The primary goes on from where this member stands now.
        declare(replica)
        retryParkedAccept(of: replica)
    }

    private func fetchMore(of replica: Replica, from source: Member) {
        fetch(
            .log(heldEpoch: replica.epoch, position: replica.log.position), of: replica, from: source)
    }
}
