import Protocol

/// Noticing that a primary is out of reach, and taking its slots over.
extension Replicator {
    /// Looks at every primary that this node backs up; the first living backup of a slot proposes itself,
    /// the others later, by rank. Nobody is bound before a majority says that it has not heard from the
    /// primary either.
    func watchPrimaries() {
        // Now and then all the same: a primary may be gone without anybody having seen it go.
        let isDue = now >= nextWatchAt
        guard isDue || peerOrder.contains(where: { lostSince($0) != nil }) || !suspicions.isEmpty else { return }
        if isDue { nextWatchAt = now + settings.failoverAfter }
        var lost: Set<Member> = []
        // First what somebody waits for, then what somebody may soon ask for.
        if !awaited.isEmpty { takeOverSlots(lost: &lost) { [awaited] in awaited.contains($0.slot) } }
        takeOverSlots(lost: &lost) { $0.keys > 0 || $0.log.count > 0 }
        if waitingProposals.isEmpty { takeOverSlots(lost: &lost) { $0.keys == 0 } }
        for suspect in suspicions.keys where !lost.contains(suspect) && lostSince(suspect) == nil {
            suspicions[suspect] = nil
        }
        for suspect in lost.sorted() { poll(about: suspect) }
    }

    private func takeOverSlots(lost: inout Set<Member>, where isNext: (Replica) -> Bool) {
        // Every tick while a node is away: one look-up for each run of slots with the same primary.
        var last: (primary: Member, since: Instant?)?
        for replica in configuredReplicas where !replica.isSealed && replica.proposal == nil && isNext(replica) {
            guard let primary = replica.primary, primary != me else { continue }
            if last?.primary != primary { last = (primary, lostSince(primary)) }
            guard let since = last?.since, replica.isComplete, replica.isMember(me) else { continue }
            lost.insert(primary)
            if suspicions[primary] == nil { suspicions[primary] = PrimarySuspicion(since: since) }
            takeOverIfAgreed(replica, from: primary)
        }
    }

    private func lostSince(_ node: NodeID) -> Instant? {
        // Who has not been heard since the start counts from there.
        let peer = peers[node] ?? PeerConnection(lastHeard: startedAt)
        if peer.isConnected {
            let deadline = peer.lastHeard + settings.failoverAfter
            return now >= deadline ? deadline : nil
        }
        if let refused = peer.refusedSince { return refused }
        let deadline = peer.lastHeard + settings.failoverAfter
        return now >= deadline ? deadline : nil
    }

    /// Since when that member, with that disk, is out of reach; nil: it is not.
    private func lostSince(_ member: Member) -> Instant? {
        if let peer = peers[member.node], peer.isConnected, let present = peer.member, present != member { return peer.lastHeard }
        return lostSince(member.node)
    }

    /// What this node tells others who ask: has it heard from that member of late?
    func isHeard(_ member: Member) -> Bool { member == me || lostSince(member) == nil }

    private static let pollIntervalMin = Duration.milliseconds(50)

    private func poll(about suspect: Member) {
        guard var suspicion = suspicions[suspect] else { return }
        // Each answer leads here again.
        let pause = max(settings.failoverRankDelay, Self.pollIntervalMin)
        if let last = suspicion.lastPoll, now.since(last) < pause { return }
        suspicion.lastPoll = now
        suspicions[suspect] = suspicion
        for node in connectedPeers where node != suspect.node { send(.poll(suspect: suspect), to: node) }
    }

    /// Who asks has not heard from `suspect` either.
    func onPoll(about suspect: Member, from node: NodeID) {
        let heard = isHeard(suspect)
        send(.pollAnswer(suspect: suspect, heard: heard), to: node)
        if !heard { onPollAnswer(suspect, heard: false, from: node) }
    }

    func onPollAnswer(_ suspect: Member, heard: Bool, from node: NodeID) {
        guard suspicions[suspect] != nil else { return }
        suspicions[suspect]?.agreed[node] = heard ? nil : now
        if !heard { watchPrimaries() }
    }

    func takeOverIfAgreed(_ replica: Replica, from primary: Member) {
        guard let configuration = replica.configuration, let suspicion = suspicions[primary],
            now >= replica.nextProposalAt
        else { return }
        var rank = 0
        for member in configuration.members where member != primary {
            if member == me { break }
            if isAlive(member) { rank += 1 }
        }
        let delay = Duration.microseconds(
            Int64(rank) * Int64(settings.failoverRankDelay.wholeMicroseconds))
        // While those before it get on with so many slots, a later rank does not get in their way.
        let begin = rank == 0 ? suspicion.since : max(suspicion.since, suspicion.lastProgress)
        guard now >= begin + delay else { return }
        let agreed = configuration.members.filter { member in
            member == me
                || (member != primary
                    && suspicion.agreed[member.node].map { now.since($0) < settings.failoverAfter } == true)
        }
        guard agreed.count >= configuration.majority else { return }
        propose(successors(of: configuration), for: replica)
    }

    /// The same members with a living primary first.
    func successors(of configuration: Configuration) -> [Member] {
        let primary: Member
        if isStopping, configuration.primary == me {
            primary = configuration.members.first { $0 != me && isAlive($0) } ?? me
        } else {
            // Who proposes is complete; of another only the primary is known to be so likely.
            primary = isAlive(configuration.primary) ? configuration.primary : me
        }
        return [primary] + configuration.members.filter { $0 != primary }
    }
}
