import Protocol

/// Comparing the digests of a slot's members, at one position: the primary puts its own into the stream, right behind
/// the commit position that it is of, and each member says what its own is there.
///
/// Who is alone with its digest is wrong, be it the primary; it is mended from one of the others. Where no digest has
/// a majority all count anew what they hold: a copy that rotted finds that out by itself.
extension Replicator {
    // MARK: At the primary

    /// Behind the stream of the turn.
    func emitVouch(of replica: Replica, _ leadership: Leadership) {
        guard replica.owesVouch else { return }
        replica.owesVouch = false
        guard leadership.phase == .open, replica.isComplete, !replica.isUnsound, replica.scrub?.source == nil else {
            return
        }
        replica.nextVouchAt = now + settings.antiEntropyInterval
        let vouch = Vouch(
            slot: replica.slot, epoch: replica.epoch, position: replica.log.commit, digest: replica.tally.digest)
        replica.votes = DigestVotes(position: vouch.position, digest: vouch.digest)
        for flow in leadership.flows
        where flow.isDeclared && flow.commitSent == vouch.position && replica.isMember(flow.member) {
            send(.vouch(vouch), to: flow.member.node)
        }
    }

    func stepVouch(_ replica: Replica) {
        guard now >= replica.nextVouchAt, !replica.isUnsound else { return }
        replica.owesVouch = true
        dirty.insert(replica.slot)
    }

    func onVerdict(_ vouch: Vouch, from member: Member) {
        let replica = replica(vouch.slot)
        guard replica.epoch == vouch.epoch, replica.leadership != nil, replica.isMember(member), !replica.isUnsound,
            var votes = replica.votes, votes.position == vouch.position
        else { return }
        votes.add(vouch.digest, of: member)
        replica.votes = votes
        judge(votes, of: replica)
    }

    private func judge(_ votes: DigestVotes, of replica: Replica) {
        guard let configuration = replica.configuration, !votes.differing.isEmpty else { return }
        let majority = configuration.majority
        if votes.members(for: votes.digest).count + 1 >= majority {
            let item = SlotEpoch(slot: replica.slot, epoch: replica.epoch)
            for member in votes.differing { send(.mend(item), to: member.node) }
        } else if let digest = votes.winner(majority: majority) {
            becomeUnsound(
                replica, "has digest \(votes.digest) at \(votes.position), and a majority has another, \(digest)")
        } else {
            hurryScrub(of: replica)
        }
    }

    // MARK: At a member

    func onVouch(_ vouch: Vouch, from member: Member) {
        let replica = replica(vouch.slot)
        guard replica.epoch == vouch.epoch, replica.configuration?.primary == member, member != me,
            replica.isComplete, replica.pull == nil, !replica.isUnsound, replica.log.commit == vouch.position
        else { return }
        let own = replica.tally.digest
        send(
            .verdict(Vouch(slot: vouch.slot, epoch: vouch.epoch, position: vouch.position, digest: own)),
            to: member.node)
        guard own != vouch.digest else { return }
        notice(
            .contradiction(
                "slot \(vouch.slot) has digest \(own) here at \(vouch.position), and \(vouch.digest) at its primary "
                    + "\(member.node)"))
        hurryScrub(of: replica)
    }

    /// A majority has another digest than this copy.
    func onMend(_ slot: Slot, epoch: Epoch, from member: Member) {
        let replica = replica(slot)
        guard replica.epoch == epoch, replica.configuration?.primary == member, member != me, replica.isComplete
        else { return }
        becomeUnsound(replica, "has digest \(replica.tally.digest), and a majority has another")
    }

    /// Somebody took a copy from here that does not add up.
    func onDoubt(_ slot: Slot) { hurryScrub(of: replica(slot)) }
}
