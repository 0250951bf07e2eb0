import Protocol

/// The streams of writes from primaries to members and learners, and their acknowledgements.
extension Replicator {
    // MARK: At the primary

    /// One message for each stream that has something new.
    func emitStreams() {
        guard !dirty.isEmpty else { return }
        for slot in dirty.take() {
            let replica = replica(slot)
            guard let leadership = replica.leadership, !replica.isSealed else { continue }
            leadership.stable = stablePosition(of: replica, leadership)
            for index in leadership.flows.indices {
                emit(to: &leadership.flows[index], of: replica, stable: leadership.stable)
            }
            emitVouch(of: replica, leadership)
            trim(replica, through: leadership.stable)
        }
    }

    private func emit(to flow: inout Flow, of replica: Replica, stable: Version) {
        guard let sent = flow.sent, isReachable(flow.member) else { return }
        let log = replica.log
        // What has been trimmed meanwhile leaves a gap that the member sees, never one that it does not.
        var previous = max(sent, log.start)
        var rest = log.entries(after: previous)
        if rest.isEmpty, flow.commitSent == log.commit { return }
        repeat {
            let piece = Self.piece(of: rest, bytesMax: settings.appendBytesMax)
            rest = rest.dropFirst(piece.count)
            send(
                .append(
                    Append(
                        slot: replica.slot, epoch: replica.epoch, previous: previous,
                        entries: Array(piece), commit: log.commit, stable: stable)),
                to: flow.member.node)
            previous = piece.last?.version ?? previous
        } while !rest.isEmpty
        flow.sent = log.position
        flow.commitSent = log.commit
    }

    /// As many of `entries` as fit, at least one where there is one.
    static func piece(of entries: ArraySlice<LogEntry>, bytesMax: Int) -> ArraySlice<LogEntry> {
        var bytes = 0
        for index in entries.indices {
            bytes += entries[index].size
            if bytes > bytesMax, index > entries.startIndex { return entries[..<index] }
        }
        return entries
    }

    /// What every member and every learner on the stream has durably.
    private func stablePosition(of replica: Replica, _ leadership: Leadership) -> Version {
        var stable = min(replica.log.commit, replica.log.durable)
        for flow in leadership.flows {
            let counts = replica.isMember(flow.member) || flow.sent != nil
            guard counts else { continue }
            stable = min(stable, flow.isDeclared ? flow.acknowledged : leadership.stable)
        }
        return max(stable, leadership.stable)
    }

    func onDurablePosition(_ replica: Replica, generation: UInt32, version: Version) {
        guard replica.generation == generation else { return }
        replica.log.markDurable(through: version)
        if replica.leadership != nil {
            answerWrites(of: replica)
        } else if replica.isComplete, !replica.isSealed || has(.followWhileSealed),
            let primary = replica.configuration?.primary, primary != me {
            send(
                .acknowledge(
                    Acknowledgement(
                        slot: replica.slot, epoch: replica.epoch, position: replica.log.durable)),
                to: primary.node)
        }
    }

    func onAcknowledge(_ acknowledgement: Acknowledgement, from member: Member) {
        let replica = replica(acknowledgement.slot)
        guard replica.epoch == acknowledgement.epoch, let leadership = replica.leadership,
            let index = leadership.flow(to: member), leadership.flows[index].isDeclared
        else { return }
        let flow = leadership.flows[index]
        leadership.flows[index].acknowledged = max(
            flow.acknowledged, min(acknowledgement.position, replica.log.position))
        if case .closing = leadership.phase { attend(replica) }
        answerWrites(of: replica)
    }

    /// Commits what a majority of the complete members has, and answers who waited for it.
    func answerWrites(of replica: Replica) {
        guard let leadership = replica.leadership, leadership.phase != .opening, !replica.isSealed, replica.isComplete
        else { return }
        if isAlone(replica) { return answerAlone(replica, leadership) }
        guard let configuration = replica.configuration else { return }
        let positions = memberPositions(configuration, replica, leadership)
        if positions.count >= configuration.majority {
            let committed = positions[has(.commitOnOne) ? 0 : configuration.majority - 1]
            if committed > replica.log.commit {
                advanceCommit(of: replica, to: committed)
                dirty.insert(replica.slot)
            }
        }
        let everywhere = positions.count == configuration.members.count ? positions.last : nil
        answer(replica, leadership, everywhere: everywhere ?? .zero)
        if case .closing = leadership.phase { attend(replica) }
    }

    /// As `answerWrites`, where this node has nobody to wait for, and nobody to tell.
    private func answerAlone(_ replica: Replica, _ leadership: Leadership) {
        let durable = replica.log.durable
        advanceCommit(of: replica, to: durable)
        answer(replica, leadership, everywhere: durable)
        leadership.stable = max(leadership.stable, min(replica.log.commit, durable))
        trim(replica, through: leadership.stable)
        if case .closing = leadership.phase { attend(replica) }
    }

    /// How far each complete member has the log durably, furthest first.
    private func memberPositions(
        _ configuration: Configuration, _ replica: Replica, _ leadership: Leadership
    ) -> [Version] {
        var positions = [replica.log.durable]
        for flow in leadership.flows where flow.isDeclared && configuration.members.contains(flow.member)
            || has(.countLearners) && flow.isDeclared
        {
            positions.append(flow.acknowledged)
        }
        return positions.sorted(by: >)
    }

    private func answer(_ replica: Replica, _ leadership: Leadership, everywhere: Version) {
        readsAreDue = readsAreDue || !reads.isEmpty
        guard !leadership.waiting.isEmpty else { return }
        let log = replica.log
        leadership.waiting.take(through: has(.answerBeforeCommitted) ? log.durable : log.commit) { write in
            respond(.outcome(write.outcome), to: write.number, at: write.origin)
        }
        leadership.waiting.takeOthers { write in
            let reached: Version
            if write.consistency == .one {
                reached = has(.answerOneBeforeDurable) ? log.position : max(log.durable, log.commit)
            } else {
                reached = has(.answerAllAtMajority) ? log.commit : min(everywhere, log.commit)
            }
            guard write.version <= reached else {
                // Its coordinator has given it up: a write at `all` may wait for a member that is away.
                return now.since(write.since) > settings.requestTimeout * 2
            }
            respond(.outcome(write.outcome), to: write.number, at: write.origin)
            return true
        }
    }

    func onMemberState(_ state: MemberState, from member: Member) {
        let replica = replica(state.slot)
        guard replica.epoch == state.epoch else {
            if state.epoch > replica.epoch, let flow = replica.leadership?.flow(to: member) {
                replica.leadership?.flows[flow].isAhead = true
            }
            return reconcile(replica, epoch: state.epoch, with: member.node)
        }
        guard let leadership = replica.leadership, let index = leadership.flow(to: member),
            let base = replica.configuration?.base
        else { return }
        attend(replica)
        leadership.flows[index].isDeclared = state.isComplete && !state.isSealed
        let wasAssumed = leadership.flows[index].isAssumed
        leadership.flows[index].isAssumed = false
        if state.isSealed {
            leadership.heardSealed = leadership.heardSealed ?? now
            return
        }
        guard state.isComplete else {
            leadership.flows[index].sent = nil
            return
        }
        leadership.flows[index].wasComplete = true
        // It is where it was taken to be, and gets all that was sent since.
        if wasAssumed, state.position == leadership.flows[index].acknowledged { return }
        // Up to the base both have the same, where this node has still to fetch it too: the member says it only once.
        leadership.flows[index].acknowledged = min(state.position, max(replica.log.position, base))
        // From where it stands, whatever was sent before: it skips what it has, and may have dropped what
        // came while it was not complete. Where the log no longer reaches, the gap that it sees makes it
        // fetch the rest.
        leadership.flows[index].sent =
            replica.log.reaches(state.position) ? state.position : replica.log.position
        leadership.flows[index].commitSent = knownCommit(of: replica, base: base)
        dirty.insert(replica.slot)
        openIfPossible(replica)
        answerWrites(of: replica)
    }

    // MARK: At a member or learner

    func onAppend(_ append: Append, from member: Member) {
        let replica = replica(append.slot)
        guard let configuration = replica.configuration, replica.epoch == append.epoch else {
            return reconcile(replica, epoch: append.epoch, with: member.node)
        }
        guard configuration.primary == member, member != me else { return }
        guard replica.isHeld else {
            attend(replica)
            return
        }
        guard !replica.isSealed || has(.followWhileSealed) else { return declare(replica) }
        guard append.previous <= replica.log.position || has(.acceptGap) else {
            replica.hasGap = true
            attend(replica)
            return
        }
        guard follows(append.entries, append.previous, in: append.epoch) else { return }
        self.append(append.entries.filter { $0.version > replica.log.position }, to: replica)
        advanceCommit(of: replica, to: append.commit)
        trim(replica, through: append.stable)
    }

    /// Whether these are writes in their order beyond `previous`, none of a later epoch.
    func follows(_ entries: [LogEntry], _ previous: Version, in epoch: Epoch) -> Bool {
        var last = previous
        for entry in entries {
            guard entry.version == last.next(in: entry.version.epoch), entry.version.epoch <= epoch else {
                notice(.contradiction("a peer sent writes out of order: \(entry.version) after \(last)"))
                return false
            }
            last = entry.version
        }
        return true
    }

    /// Tells the primary where this member stands.
    func declare(_ replica: Replica) {
        guard let primary = replica.configuration?.primary, primary != me else { return }
        send(
            .memberState(
                MemberState(
                    slot: replica.slot, epoch: replica.epoch, isComplete: replica.isComplete,
                    isSealed: replica.isSealed, position: replica.log.durable)),
            to: primary.node)
    }

    /// The slot's record is durable: this node is complete.
    func onHeldDurably(_ replica: Replica, generation: UInt32, epoch: Epoch) {
        guard replica.generation == generation, replica.epoch == epoch, replica.isHeld, !replica.isHeldDurably
        else { return }
        replica.isHeldDurably = true
        attend(replica)
        if replica.leadership != nil {
            openIfPossible(replica)
        } else {
            declare(replica)
        }
        retryParkedAccept(of: replica)
    }
}
