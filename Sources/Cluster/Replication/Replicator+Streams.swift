import Protocol

/// The streams of writes from primaries to members and learners, and their acknowledgements.
extension Replicator {
    // MARK: At the primary

    /// What is new, of all slots together, to each member.
    func emitStreams() {
        guard !dirty.isEmpty else { return }
        for slot in dirty.take() {
            untold.remove(slot)
            let replica = replica(slot)
            guard let leadership = replica.leadership, !replica.isSealed else { continue }
            leadership.stable = stablePosition(of: replica, leadership)
            var latest: Append?
            for flow in leadership.flows { emit(to: flow, of: replica, stable: leadership.stable, &latest) }
            emitVouch(of: replica, leadership)
            trim(replica, through: leadership.stable)
        }
        sendAppends()
    }

    /// - Parameter latest: what was made last for another member of the slot: mostly it is the same.
    private func emit(to flow: Flow, of replica: Replica, stable: Version, _ latest: inout Append?) {
        // Where something can be sent, the member has said so on the present connection.
        guard let sent = flow.sent, flow.peer.isConnected else { return }
        let peer = flow.peer
        // What has been trimmed meanwhile leaves a gap that the member sees, never one that it does not.
        var previous = max(sent, replica.log.start)
        if previous >= replica.log.position, flow.commitSent == replica.log.commit { return }
        flow.sent = replica.log.position
        flow.commitSent = replica.log.commit
        if let latest, latest.previous == previous, latest.entries.last?.version ?? previous == replica.log.position {
            return stream(latest, to: peer)
        }
        var rest = replica.log.entries(after: previous)
        repeat {
            let piece = Self.piece(of: rest, bytesMax: settings.appendBytesMax)
            rest = rest.dropFirst(piece.count)
            let append = Append(
                slot: replica.slot, epoch: replica.epoch, previous: previous, entries: Array(piece),
                commit: replica.log.commit, stable: stable)
            stream(append, to: peer)
            latest = append
            previous = piece.last?.version ?? previous
        } while !rest.isEmpty
    }

    private func stream(_ append: Append, to peer: PeerConnection) {
        let bytes = append.entries.reduce(0) { $0 + $1.size }
        if peer.appendBytes + bytes > settings.appendBytesMax { sendAppends(to: peer) }
        if peer.appends.isEmpty { streaming.append(peer) }
        peer.appends.append(append)
        peer.appendBytes += bytes
    }

    /// Sends what was gathered of all streams.
    func sendAppends() {
        guard !streaming.isEmpty else { return }
        for peer in streaming { sendAppends(to: peer) }
        streaming.removeAll(keepingCapacity: true)
    }

    private func sendAppends(to peer: PeerConnection) {
        guard !peer.appends.isEmpty, let node = peer.member?.node else { return }
        send(.append(peer.appends), to: node)
        peer.appends.removeAll(keepingCapacity: true)
        peer.appendBytes = 0
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
        for flow in leadership.flows where flow.isMember || flow.sent != nil {
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
            acknowledge(replica, to: primary.node)
        }
    }

    private func acknowledge(_ replica: Replica, to node: NodeID) {
        guard let peer = peers[node], peer.isConnected else { return }
        if peer.acknowledgements.isEmpty { acknowledging.append(peer) }
        peer.acknowledgements.append(
            Acknowledgement(slot: replica.slot, epoch: replica.epoch, position: replica.log.durable))
    }

    /// Sends what was acknowledged in the turn, one message to each primary.
    func sendAcknowledgements() {
        guard !acknowledging.isEmpty else { return }
        for peer in acknowledging { sendAcknowledgements(to: peer) }
        acknowledging.removeAll(keepingCapacity: true)
    }

    private func sendAcknowledgements(to peer: PeerConnection) {
        guard !peer.acknowledgements.isEmpty, let node = peer.member?.node else { return }
        transmit(.acknowledge(peer.acknowledgements), to: node)
        peer.acknowledgements.removeAll(keepingCapacity: true)
    }

    /// What was acknowledged before this node says something else of a slot arrives before it too.
    func acknowledge(_ peer: PeerConnection, before message: PeerMessage) {
        switch message {
        case .append, .request, .response: break
        default: sendAcknowledgements(to: peer)
        }
    }

    func onAcknowledge(_ acknowledgement: Acknowledgement, from member: Member) {
        let replica = replica(acknowledgement.slot)
        guard replica.epoch == acknowledgement.epoch, let leadership = replica.leadership,
            let flow = leadership.flow(to: member), flow.isDeclared
        else { return }
        flow.acknowledged = max(flow.acknowledged, min(acknowledgement.position, replica.log.position))
        if case .closing = leadership.phase { attend(replica) }
        answerWrites(of: replica)
    }

    /// Commits what a majority of the complete members has, and answers who waited for it.
    func answerWrites(of replica: Replica) {
        guard let leadership = replica.leadership, !leadership.isOpening, !replica.isSealed, replica.isComplete
        else { return }
        if isAlone(replica) { return answerAlone(replica, leadership) }
        let reached = reached(replica, leadership)
        if let committed = reached.majority, committed > replica.log.commit {
            advanceCommit(of: replica, to: committed)
            untold.insert(replica.slot)
        }
        // Then they can forget the entries with the same word.
        if reached.least >= replica.log.commit, untold.contains(replica.slot) { dirty.insert(replica.slot) }
        answer(replica, leadership, everywhere: reached.all ?? .zero)
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

    /// How far a majority of the members has the log durably, how far all of them, and how far those that are complete;
    /// only these count.
    private func reached(
        _ replica: Replica, _ leadership: Leadership
    ) -> (majority: Version?, all: Version?, least: Version) {
        withUnsafeTemporaryAllocation(of: Version.self, capacity: leadership.flows.count + 1) { positions in
            // The furthest first.
            positions.initializeElement(at: 0, to: replica.log.durable)
            var count = 1
            for flow in leadership.flows where flow.isDeclared && (flow.isMember || has(.countLearners)) {
                var place = count
                while place > 0, positions[place - 1] < flow.acknowledged {
                    positions.initializeElement(at: place, to: positions[place - 1])
                    place -= 1
                }
                positions.initializeElement(at: place, to: flow.acknowledged)
                count += 1
            }
            let majority = replica.memberCount / 2 + 1
            return (
                count >= majority ? positions[has(.commitOnOne) ? 0 : majority - 1] : nil,
                count == replica.memberCount ? positions[count - 1] : nil,
                positions[count - 1]
            )
        }
    }

    private func answer(_ replica: Replica, _ leadership: Leadership, everywhere: Version) {
        readsAreDue = readsAreDue || reads.hasOthers || readGroups.hasOthers
        guard !leadership.waiting.isEmpty else { return }
        let (position, durable, commit) = (replica.log.position, replica.log.durable, replica.log.commit)
        leadership.waiting.take(through: has(.answerBeforeCommitted) ? durable : commit) { write in
            respond(.outcome(write.outcome), to: write.number, at: write.origin)
        }
        guard leadership.waiting.hasOthers else { return }
        leadership.waiting.takeOthers { write in
            let reached: Version
            if write.consistency == .one {
                reached = has(.answerOneBeforeDurable) ? position : max(durable, commit)
            } else {
                reached = has(.answerAllAtMajority) ? commit : min(everywhere, commit)
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
            if state.epoch > replica.epoch { replica.leadership?.flow(to: member)?.isAhead = true }
            return reconcile(replica, epoch: state.epoch, with: member.node)
        }
        guard let leadership = replica.leadership, let flow = leadership.flow(to: member),
            let base = replica.configuration?.base
        else { return }
        attend(replica)
        flow.isDeclared = state.isComplete && !state.isSealed
        replica.unsettle()
        let wasAssumed = flow.isAssumed
        flow.isAssumed = false
        if state.isSealed {
            leadership.heardSealed = leadership.heardSealed ?? now
            return
        }
        guard state.isComplete else {
            flow.sent = nil
            return
        }
        flow.wasComplete = true
        // It is where it was taken to be, and gets all that was sent since.
        if wasAssumed, state.position == flow.acknowledged { return }
        // Up to the base both have the same, where this node has still to fetch it too: the member says it only once.
        flow.acknowledged = min(state.position, max(replica.log.position, base))
        // From where it stands, whatever was sent before: it skips what it has, and may have dropped what
        // came while it was not complete. Where the log no longer reaches, the gap that it sees makes it
        // fetch the rest.
        flow.sent =
            replica.log.reaches(state.position) ? state.position : replica.log.position
        flow.commitSent = knownCommit(of: replica, base: base)
        dirty.insert(replica.slot)
        openIfPossible(replica)
        answerWrites(of: replica)
    }

    // MARK: At a member or learner

    func onAppend(_ append: Append, from member: Member) {
        let replica = replica(append.slot)
        guard replica.epoch == append.epoch, let primary = replica.primary else {
            return reconcile(replica, epoch: append.epoch, with: member.node)
        }
        guard primary == member, member != me else { return }
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
        let news = append.entries.drop { $0.version <= replica.log.position }
        self.append(news, to: replica)
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
