import Protocol

/// Single-decree Paxos on the successor of a slot's configuration, among its members.
///
/// Source: Lamport, Paxos Made Simple, 2001; the value carries a base as in Vertical Paxos (Lamport,
/// Malkhi, Zhou, 2009).
extension Replicator {
    // MARK: Proposer

    /// Begins a proposal that `members`, the primary first, follow the present configuration.
    /// - Parameter lost: members that an operator has given up, a majority.
    func propose(_ members: [Member], for replica: Replica, lost: [Member] = []) {
        guard mayPropose(members, for: replica) else { return }
        guard mayStartProposal else {
            waitingProposals.insert(replica.slot)
            return
        }
        startsLeft -= 1
        proposalsUnderWay += 1
        let round = max(replica.promised?.round ?? 0, UInt32(replica.failedProposals)) + 1
        let ballot = Ballot(round: round, proposer: me)
        replica.proposal = Proposal(ballot: ballot, members: members, lost: lost, since: now)
        agenda.insert(replica.slot)
        let prepare = Prepare(slot: replica.slot, epoch: replica.epoch, ballot: ballot)
        onPrepare(prepare, from: me.node)
        // While the own promise is being synced. A crash may forget this ballot and use it again: the answers
        // to it do not outlive the connections, and nothing was proposed under it (`onPromise`).
        for member in replica.configuration?.members ?? [] where member != me && isReachable(member) {
            send(.prepare(prepare), to: member.node)
        }
    }

    var mayStartProposal: Bool { proposalsUnderWay < settings.proposalsMax && startsLeft > 0 }

    private func mayPropose(_ members: [Member], for replica: Replica) -> Bool {
        replica.isComplete && replica.isMember(me) && replica.proposal == nil && replica.epoch < Version.epochMax
            && members.count <= Configuration.membersMax && areDistinct(members)
    }

    private func areDistinct(_ members: [Member]) -> Bool {
        members.indices.allSatisfy { index in !members[..<index].contains { $0.node == members[index].node } }
    }

    /// Begins a proposal of the epoch's primary, which needs no promises: the lowest ballot of all belongs to it,
    /// so no value can have been accepted under a lower one, and none is committed beyond its own position.
    ///
    /// It uses that ballot once: only while it leads, which it does not again in this epoch once it has ended, and
    /// after that only with the value that it proposed.
    func proposeAsPrimary(_ members: [Member], for replica: Replica, _ leadership: Leadership) {
        guard !leadership.hasProposed else { return propose(members, for: replica) }
        guard mayPropose(members, for: replica) else { return }
        guard proposalsUnderWay < settings.proposalsMax else {
            waitingProposals.insert(replica.slot)
            return
        }
        leadership.hasProposed = true
        proposalsUnderWay += 1
        agenda.insert(replica.slot)
        let ballot = Ballot(round: 0, proposer: me)
        let value = Configuration(epoch: replica.epoch + 1, members: members, base: replica.log.position)
        replica.proposal = Proposal(
            ballot: ballot, members: members, since: now,
            phase: .accepting(value: value, holder: me, acceptors: []))
        let accept = Accept(slot: replica.slot, epoch: replica.epoch, ballot: ballot, value: value, holder: me)
        onAccept(accept, from: me.node)
        for member in replica.configuration?.members ?? [] where member != me && isReachable(member) {
            send(.accept(accept), to: member.node)
        }
    }

    private func sendToMembers(_ message: PeerMessage, of replica: Replica) {
        for member in replica.configuration?.members ?? [] where isReachable(member) {
            send(message, to: member.node)
        }
    }

    func onPromise(_ promise: Promise, from member: Member) {
        let replica = replica(promise.slot)
        guard promise.epoch == replica.epoch, let configuration = replica.configuration,
            configuration.members.contains(member), promise.position.epoch <= replica.epoch,
            let proposal = replica.proposal, proposal.ballot == promise.ballot, case .preparing(var promises) = proposal.phase
        else { return }
        promises[member] = promise
        replica.proposal?.phase = .preparing(promises: promises)
        // The own promise counts once it is durable: no two values are ever proposed under one ballot, whatever
        // crashes.
        guard isQuorum(Array(promises.keys), of: configuration, lost: proposal.lost), promises[me] != nil
        else { return }
        chooseValue(promises, configuration, proposal, replica)
    }

    /// A majority has promised: an accepted value binds; else the base is the highest position among them.
    private func chooseValue(
        _ promises: [Member: Promise], _ configuration: Configuration, _ proposal: Proposal,
        _ replica: Replica
    ) {
        // In the members' order, so that nothing depends on how a dictionary is laid out.
        let given = configuration.members.compactMap { member in
            promises[member].map { (member: member, promise: $0) }
        }
        guard var furthest = given.first else { return }
        for item in given where item.promise.position > furthest.promise.position && !has(.lowestPositionAsBase)
            || item.promise.position < furthest.promise.position && has(.lowestPositionAsBase)
        { furthest = item }
        var bound = given.compactMap(\.promise.accepted).max { $0.ballot < $1.ballot }
        if has(.ignoreAcceptedValues) { bound = nil }
        let value: Configuration
        if proposal.lost.isEmpty {
            value =
                bound?.value
                ?? Configuration(
                    epoch: configuration.epoch + 1, members: proposal.members,
                    base: furthest.promise.position)
        } else {
            guard let repaired = repaired(
                replica, configuration, by: proposal, bound: bound?.value, furthest.promise.position)
            else { return giveUpProposal(of: replica) }
            value = repaired
        }
        replica.proposal?.phase = .accepting(value: value, holder: furthest.member, acceptors: [])
        let accept = Accept(
            slot: replica.slot, epoch: replica.epoch, ballot: proposal.ballot, value: value,
            holder: furthest.member)
        sendToMembers(.accept(accept), of: replica)
    }

    func onAccepted(_ accepted: Accepted, from member: Member) {
        let replica = replica(accepted.slot)
        guard accepted.epoch == replica.epoch, let configuration = replica.configuration,
            configuration.members.contains(member), let proposal = replica.proposal,
            proposal.ballot == accepted.ballot,
            case .accepting(let value, let holder, var acceptors) = proposal.phase,
            !acceptors.contains(member)
        else { return }
        acceptors.append(member)
        replica.proposal?.phase = .accepting(value: value, holder: holder, acceptors: acceptors)
        replica.leadership?.flow(to: member)?.accepted = proposal.ballot
        guard isQuorum(acceptors, of: configuration, lost: proposal.lost) else { return }
        let former = replica.leadership?.flows.filter { $0.accepted == proposal.ballot && !$0.isAhead }.map(\.member) ?? []
        adopt(value, of: replica)
        spread(value, of: replica.slot)
        newlyLed.remove(replica.slot)
        countAcceptors(former, of: replica)
    }

    func onRejection(_ rejection: Rejection) {
        let replica = replica(rejection.slot)
        guard rejection.epoch == replica.epoch, let proposal = replica.proposal,
            proposal.ballot == rejection.ballot
        else { return }
        replica.failedProposals = max(replica.failedProposals, Int(min(rejection.promised.round, Ballot.roundMax)))
        giveUpProposal(of: replica)
    }

    /// Another try comes after a random time, so that two proposers do not duel for ever.
    func giveUpProposal(of replica: Replica) {
        endProposal(of: replica)
        replica.failedProposals += 1
        replica.nextProposalAt = now + randomPatience(round: replica.failedProposals)
        agenda.insert(replica.slot)
    }

    func endProposal(of replica: Replica) {
        guard replica.proposal != nil else { return }
        replica.proposal = nil
        proposalsUnderWay -= 1
    }

    /// How long a proposal of that round may take: where many are under way, they take longer.
    func proposalTimeout(round: UInt32) -> Duration { settings.proposalTimeout * backoff(Int(round)) }

    private func randomPatience(round: Int) -> Duration {
        let patience = Int64(settings.sealedPatience.wholeMicroseconds) * Int64(backoff(round))
        return .microseconds(patience + Int64.random(in: 0...patience, using: &random))
    }

    private func backoff(_ round: Int) -> Int { min(max(round, 1), 8) }

    // MARK: Acceptor

    func onPrepare(_ prepare: Prepare, from node: NodeID) {
        let replica = replica(prepare.slot)
        guard prepare.epoch == replica.epoch else {
            return reconcile(replica, epoch: prepare.epoch, with: node)
        }
        guard replica.isComplete, replica.isMember(me), prepare.ballot.round < Ballot.roundMax else { return }
        if let primary = replica.configuration?.primary { suspicions[primary]?.lastProgress = now }
        if let promised = replica.promised, promised > prepare.ballot, !has(.promiseLowerBallots) {
            return reject(prepare.ballot, for: promised, of: replica, to: node)
        }
        seal(replica, for: prepare.ballot)
        let promise = Promise(
            slot: replica.slot, epoch: replica.epoch, ballot: prepare.ballot,
            position: replica.log.position, accepted: replica.accepted)
        sendDurably(.promise(promise), to: node)
    }

    private func reject(_ ballot: Ballot, for promised: Ballot, of replica: Replica, to node: NodeID) {
        let rejection = Rejection(
            slot: replica.slot, epoch: replica.epoch, ballot: ballot, promised: promised)
        send(.rejected(rejection), to: node)
    }

    /// From here on this member takes part in nothing of its epoch. The primary hears of that before
    /// anyone hears of the promise, unless it has proposed this itself, and so was sealed before.
    private func seal(_ replica: Replica, for ballot: Ballot) {
        let wasSealed = replica.isSealed
        replica.promised = ballot
        if let parked = replica.parkedAccept, parked.ballot < ballot { replica.parkedAccept = nil }
        saveRecord(of: replica)
        // Each promise gives its proposer time: whoever was sealed before does not begin a duel.
        replica.nextProposalAt = max(
            replica.nextProposalAt, now + randomPatience(round: Int(clamping: ballot.round)))
        guard !wasSealed else { return }
        replica.sealedSince = now
        agenda.insert(replica.slot)
        if !has(.sealSilently), !has(.followWhileSealed), ballot.proposer != replica.primary { declare(replica) }
    }

    func onAccept(_ accept: Accept, from node: NodeID) {
        let replica = replica(accept.slot)
        guard accept.epoch == replica.epoch else {
            return reconcile(replica, epoch: accept.epoch, with: node)
        }
        guard let configuration = replica.configuration, replica.isMember(me),
            mayFollow(accept.value, configuration), accept.ballot.round < Ballot.roundMax
        else { return }
        if let promised = replica.promised, promised > accept.ballot {
            return reject(accept.ballot, for: promised, of: replica, to: node)
        }
        // Only who durably holds the slot up to the base vouches for it.
        guard replica.isComplete, replica.log.position >= accept.value.base || has(.acceptWithoutTheBase) else {
            replica.parkedAccept = accept
            return attend(replica)
        }
        if accept.ballot != replica.promised { seal(replica, for: accept.ballot) }
        let acceptance = Acceptance(ballot: accept.ballot, value: accept.value)
        replica.accepted = acceptance
        replica.isAcceptedDurably = false
        replica.parkedAccept = nil
        saveRecord(of: replica)
        turn.append(.accepted(replica.slot, generation: replica.generation, acceptance))
        let accepted = Accepted(slot: replica.slot, epoch: replica.epoch, ballot: accept.ballot)
        sendDurably(.accepted(accepted), to: accept.ballot.proposer.node)
    }

    /// What is accepted durably is not forgotten: if it has been decided meanwhile, that is as good as to have recorded
    /// the decision.
    func onAcceptedDurably(_ replica: Replica, generation: UInt32, _ acceptance: Acceptance) {
        if replica.accepted == acceptance {
            replica.isAcceptedDurably = true
        } else if replica.configuration == acceptance.value {
            onHeldDurably(replica, generation: generation, epoch: replica.epoch)
        }
    }

    func retryParkedAccept(of replica: Replica) {
        guard let accept = replica.parkedAccept, replica.isComplete else { return }
        guard replica.log.position >= accept.value.base else {
            agenda.insert(replica.slot)
            return
        }
        replica.parkedAccept = nil
        onAccept(accept, from: accept.ballot.proposer.node)
    }
}
