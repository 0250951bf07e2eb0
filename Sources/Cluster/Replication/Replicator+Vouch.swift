import Protocol

/// Comparing the digests of a slot's members, at one position: the primary puts its own into the stream, right behind
/// the commit position that it is of, and each member says what its own is there.
///
/// Who is alone with its digest is wrong, be it the primary; it is mended from one of the others. Where no digest has
/// a majority the slot stops (`Replicator+Dispute`), and all count anew what they hold: a copy that rotted finds that
/// out by itself.
extension Replicator {
    /// What the copy here adds up to.
    func ownVouch(of replica: Replica) -> Vouch {
        Vouch(slot: replica.slot, epoch: replica.epoch, position: replica.log.commit, digest: replica.tally.digest)
    }

    // MARK: At the primary

    /// Behind the stream of the turn.
    func emitVouch(of replica: Replica, _ leadership: Leadership) {
        guard replica.owesVouch else { return }
        replica.owesVouch = false
        guard leadership.phase == .open, replica.isComplete, !replica.isUnsound, replica.scrub?.source == nil else {
            return
        }
        replica.nextVouchAt = now + (replica.isDisputed ? settings.pullTimeout : settings.antiEntropyInterval)
        // Alone there is nobody to ask, and only a doubt to end.
        guard !isAlone(replica) || replica.isDisputed else { return replica.votes = nil }
        let vouch = ownVouch(of: replica)
        let asked = leadership.flows.filter {
            $0.isDeclared && $0.commitSent == vouch.position && replica.isMember($0.member)
        }.map(\.member)
        replica.votes = DigestVotes(own: vouch, asked: asked, since: now)
        sendAppends()
        for member in asked { send(.vouch(vouch), to: member.node) }
    }

    func stepVouch(_ replica: Replica) {
        guard !replica.isUnsound else { return }
        judge(replica)
        guard now >= replica.nextVouchAt, !replica.isUnsound else { return }
        replica.owesVouch = true
        dirty.insert(replica.slot)
    }

    func onVerdict(_ vouch: Vouch, from member: Member) {
        let replica = replica(vouch.slot)
        guard replica.epoch == vouch.epoch, replica.leadership != nil, replica.isMember(member), !replica.isUnsound,
            let votes = replica.votes, votes.position == vouch.position
        else { return }
        votes.add(vouch.digest, of: member)
        judge(replica)
    }

    private func judge(_ replica: Replica) {
        guard let votes = replica.votes, let configuration = replica.configuration else { return }
        if votes.members(for: votes.digest).count + 1 >= configuration.majority {
            settle(replica)
            return haveMended(votes.differing, of: replica)
        }
        if replica.isDisputed || !votes.differing.isEmpty { agenda.insert(replica.slot) }
        guard !votes.differing.isEmpty else { return }
        if let digest = votes.winner(majority: configuration.majority) {
            becomeUnsound(
                replica, "has digest \(votes.digest) at \(votes.position), and a majority has another, \(digest)")
        } else if votes.isAnsweredByAll || now.since(votes.since) > settings.pullTimeout {
            dispute(replica, votes)
        }
    }

    private func haveMended(_ members: [Member], of replica: Replica) {
        for member in members where replica.votes?.told.contains(member) == false {
            replica.votes?.told.append(member)
            send(.mend(SlotEpoch(slot: replica.slot, epoch: replica.epoch)), to: member.node)
        }
    }

    // MARK: At a member

    func onVouch(_ vouch: Vouch, from member: Member) {
        let replica = replica(vouch.slot)
        guard replica.epoch == vouch.epoch, replica.configuration?.primary == member, member != me,
            replica.isComplete, replica.pull == nil, !replica.isUnsound, replica.log.commit == vouch.position
        else { return }
        let own = ownVouch(of: replica)
        send(.verdict(own), to: member.node)
        mark(replica, isDisputed: own != vouch)
        guard own != vouch else { return }
        notice(
            .contradiction(
                "slot \(vouch.slot) has digest \(own.digest) here at \(vouch.position), and \(vouch.digest) at its "
                    + "primary \(member.node)"))
        hurryScrub(of: replica)
    }

    /// A majority has another digest than this copy had when it was asked. Where it has been mended since, or was found
    /// equal, that is over: to mend a sound copy could only bring rot from another one into it.
    func onMend(_ slot: Slot, epoch: Epoch, from member: Member) {
        let replica = replica(slot)
        guard replica.epoch == epoch, replica.configuration?.primary == member, member != me, replica.isComplete,
            replica.isDisputed
        else { return }
        becomeUnsound(replica, "has digest \(replica.tally.digest), and a majority has another")
    }

    /// Somebody took a copy from here that does not add up.
    func onDoubt(_ slot: Slot) { hurryScrub(of: replica(slot)) }
}
