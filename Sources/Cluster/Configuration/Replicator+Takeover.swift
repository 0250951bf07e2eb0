import Protocol

/// Noticing that a primary is out of reach, and taking its slots over.
extension Replicator {
    /// Looks at every primary that this node backs up; the first living backup of a slot proposes itself,
    /// the others later, by rank. Nobody is bound before a majority says that it has not heard from the
    /// primary either.
    func watchPrimaries() {
        mustWatch = false
        // Now and then all the same: a primary may be gone without anybody having seen it go.
        let isDue = now >= nextWatchAt
        guard isDue || peerOrder.contains(where: { lostSince($0) != nil }) || !suspicions.isEmpty else { return }
        if isDue { nextWatchAt = now + settings.failoverAfter }
        var lost: Set<Member> = []
        for primary in led.primaries where primary != me {
            guard let since = lostSince(primary) else { continue }
            if takeOver(from: primary, since: since) { lost.insert(primary) }
        }
        for suspect in suspicions.keys where !lost.contains(suspect) && lostSince(suspect) == nil {
            suspicions[suspect] = nil
        }
        for suspect in lost.sorted() { poll(about: suspect) }
    }

    /// - Returns: whether there is anything to be taken over from it.
    private func takeOver(from primary: Member, since: Instant) -> Bool {
        var later: [Replica] = []
        var last: [Replica] = []
        var isAny = false
        for slot in led.slots(of: primary) {
            let replica = replica(slot)
            guard !replica.isSealed, replica.proposal == nil, replica.isComplete, replica.isMember(me) else { continue }
            if !isAny, suspicions[primary] == nil { suspicions[primary] = PrimarySuspicion(since: since) }
            isAny = true
            // First what somebody waits for, then what somebody may soon ask for.
            if awaited.contains(slot) {
                takeOverIfAgreed(replica, from: primary)
            } else if replica.keys > 0 || replica.log.count > 0 {
                later.append(replica)
            } else {
                last.append(replica)
            }
        }
        for replica in later { takeOverIfAgreed(replica, from: primary) }
        if waitingProposals.isEmpty { for replica in last { takeOverIfAgreed(replica, from: primary) } }
        return isAny
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
        if !heard { mustWatch = true }
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
