import Protocol

/// Giving up a copy of which the slot has no need any more: the node was a member before, or should have become one.
///
/// Invariants:
/// - a copy is given up only by word of the slot's primary, in the epoch that both know: every member has been
///   complete in it, and at one position of it the digests of all members that are there, a majority at the least,
///   were equal;
/// - where the copy that is to go stands at a position of which the primary knows the digest, its own was the same.
///   Else one of them holds what nobody wrote: both count anew, and the copy stays until it is known to be the wrong
///   one.
extension Replicator {
    // MARK: At the node that has the copy

    /// Whether there is a copy here that no configuration names and nobody asked this node to keep. An
    /// invitation lapses when the ring does not want the slot here any more: a primary that heard of that
    /// later may have invited this node meanwhile, and does not say so when it thinks better of it. To ask is
    /// safe in any case: no copy is given up that the primary still counts on. After a start nothing is known of what the
    /// ring wants, for a moment.
    func isSuperfluous(_ replica: Replica) -> Bool {
        replica.holding != .nothing && !replica.isMember(me)
            && (replica.invitedEpoch != replica.epoch || !targets.members.isEmpty && !targets[replica.slot].contains(me))
    }

    func askToDrop(_ replica: Replica) {
        guard now >= replica.nextDropQueryAt, let primary = replica.configuration?.primary else { return }
        replica.nextDropQueryAt = now + settings.dropQueryInterval
        let isSound = replica.isHeld && replica.pull == nil && !replica.isUnsound
        let item = SlotEpoch(slot: replica.slot, epoch: replica.epoch)
        send(.dropQuery(DropQuery(item, copy: isSound ? ownVouch(of: replica) : nil)), to: primary.node)
    }

    /// Once a tick: of those that wait it is the turn of some.
    func askForDrops() {
        for _ in 0..<settings.dropQueriesPerTickMax {
            guard let slot = surplus.first, now >= replica(slot).nextDropQueryAt else { return }
            surplus.removeFirst()
            step(replica(slot))
        }
    }

    func onDropGranted(_ item: SlotEpoch, from member: Member) {
        let replica = replica(item.slot)
        guard replica.epoch == item.epoch, replica.configuration?.primary == member, isSuperfluous(replica)
        else { return }
        drop(replica)
    }

    func onDropDelayed(_ delay: DropDelay, from member: Member) {
        let replica = replica(delay.item.slot)
        guard replica.epoch == delay.item.epoch, replica.configuration?.primary == member, isSuperfluous(replica)
        else { return }
        if delay.obstacle == .unlike, replica.dropDelay?.obstacle != .unlike {
            notice(
                .contradiction(
                    "slot \(replica.slot) has digest \(replica.tally.digest) here, and another one at its new members; "
                        + "this copy stays until it is known which is wrong"))
            hurryScrub(of: replica)
        }
        replica.dropDelay = delay
    }

    // MARK: At the primary

    func onDropQuery(_ query: DropQuery, from member: Member) {
        let replica = replica(query.item.slot)
        guard replica.epoch == query.item.epoch else {
            return reconcile(replica, epoch: query.item.epoch, with: member.node)
        }
        guard let configuration = replica.configuration, configuration.primary == me else { return }
        if let (obstacle, nodes) = obstacle(to: query, of: member, replica, configuration) {
            send(.dropDelayed(DropDelay(query.item, obstacle, nodes: nodes)), to: member.node)
        } else {
            send(.dropGranted(query.item), to: member.node)
        }
    }

    private func obstacle(
        to query: DropQuery, of member: Member, _ replica: Replica, _ configuration: Configuration
    ) -> (DropDelay.Obstacle, [NodeID])? {
        guard let leadership = replica.leadership, leadership.phase == .open, !replica.isSealed else {
            return (.changing, [me.node])
        }
        guard leadership.flow(to: member) == nil else { return (.wanted, [me.node]) }
        let members = leadership.flows.filter { configuration.members.contains($0.member) }
        let incomplete = members.filter { !$0.wasComplete }
        guard incomplete.isEmpty else { return (.incomplete, incomplete.map(\.member.node)) }
        if has(.dropWithoutComparing) { return nil }
        if let copy = query.copy, isUnlike(copy, replica, leadership) { return (.unlike, [me.node]) }
        return obstacleToProof(replica, leadership, configuration)
    }

    /// What the slot's copies have been seen to add up to at one position of this epoch; nil: they were equal.
    private func obstacleToProof(
        _ replica: Replica, _ leadership: Leadership, _ configuration: Configuration
    ) -> (DropDelay.Obstacle, [NodeID])? {
        guard leadership.proven == nil else { return nil }
        guard replica.isComplete, !replica.isUnsound else { return (.differing, [me.node]) }
        let others = configuration.members.filter { $0 != me }
        let votes = replica.votes
        let silent = others.filter { votes?.digest(of: $0) == nil }
        let isMajority = others.count - silent.count + 1 >= configuration.majority
        let differing = votes?.differing ?? []
        if differing.isEmpty, isMajority, !silent.contains(where: isAlive) {
            leadership.proven = votes?.own ?? ownVouch(of: replica)
            return nil
        }
        let isNew = silent.contains { votes?.asked.contains($0) != true && leadership.isDeclared($0) }
        if isNew || votes.map({ now.since($0.since) > settings.pullTimeout }) ?? true {
            replica.owesVouch = true
            dirty.insert(replica.slot)
        }
        return differing.isEmpty ? (.uncompared, silent.map(\.node)) : (.differing, differing.map(\.node))
    }

    /// Whether the copy that is to go adds up to something else than this one did at the same place.
    private func isUnlike(_ copy: Vouch, _ replica: Replica, _ leadership: Leadership) -> Bool {
        guard !replica.isUnsound else { return false }
        let known = [leadership.opened, leadership.proven, ownVouch(of: replica)].compactMap { $0 }
        guard known.contains(where: { $0.position == copy.position && $0.digest != copy.digest }) else { return false }
        if !leadership.hasDoubted {
            leadership.hasDoubted = true
            hurryScrub(of: replica)
        }
        return true
    }
}
