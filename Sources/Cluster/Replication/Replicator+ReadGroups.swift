import Protocol

/// GETs that are carried out together (`ReadGroup`).
extension Replicator {
    /// What takes longer to copy than to name goes the other way, where it is bounded.
    private static let valueBytesMax = 4_096
    /// Of one that waits for longer the members are asked again.
    private static let patience = Duration.milliseconds(100)

    /// A group that is empty.
    func makeReadGroup(token: UInt64) -> ReadGroup { ReadGroup(token: token, round: readRound + 1, since: now) }

    /// Carries a GET out as one of a group, where nothing has to be awaited but that a majority confirms.
    /// - Parameter answer: is told what it found; returns whether it takes more.
    /// - Returns: what `answer` returned; nil: it was not called, and the GET is to be submitted.
    func read(_ request: RequestView, in group: ReadGroup, _ answer: (AnswerView) -> Bool) -> Bool? {
        guard case .get = request.kind, request.consistency != .one, failure == nil,
            reads.bytes + readGroups.bytes < Limits.heldReadBytesMax, !has(.readWhenConfirmed),
            let replica = replicasBySlot[request.slot.index], mayReadTogether(replica)
        else { return nil }
        var takesMore: Bool?
        _ = store.look(in: request.slot, at: request.key) { view in
            let view = view.flatMap { $0.expiry.map { $0 <= wallTime } == true ? nil : $0 }
            let bytes = view?.value.count ?? 0
            guard bytes <= Self.valueBytesMax else { return }
            group.append(request.key, of: replica, bytes: bytes)
            takesMore = answer(.value(view))
        }
        if takesMore != nil { wantConfirmations(of: replica) }
        return takesMore
    }

    private func wantConfirmations(of replica: Replica) {
        hasUnaskedReads = true
        // All that there are.
        guard wanted.count < connectedCount else { return }
        replica.leadership.map(wantConfirmations)
    }

    /// What `take` looks at, and that no write is pending.
    private func mayReadTogether(_ replica: Replica) -> Bool {
        guard replica.log.commit == replica.log.position else { return false }
        if census.steady.contains(replica.slot) { return true }
        guard replica.memberCount > 1, let leadership = replica.leadership, !leadership.isOpening,
            leadership.held.isEmpty, isShown(replica)
        else { return false }
        if isSteady(replica) { census.steady.insert(replica.slot) }
        return true
    }

    /// Whether this node leads the slot with all its members, so that what is read in it needs to be confirmed and
    /// nothing else. Mostly the census knows it, without a look at parts that are seldom in the processor's cache.
    func isSteady(_ replica: Replica) -> Bool {
        guard replica.memberCount > 1, let leadership = replica.leadership else { return false }
        return !leadership.isOpening && leadership.held.isEmpty && isShown(replica)
            && leadership.flows.allSatisfy { $0.isDeclared || !$0.isMember }
    }

    private func isShown(_ replica: Replica) -> Bool {
        replica.isComplete && !replica.isSealed && !replica.isUnsound && !replica.isDisputed
    }

    /// Ends those that hold by now.
    func settleReadGroups() {
        guard !readGroups.isEmpty else { return }
        readGroups.take(through: has(.readWithoutConfirmation) ? readRound : heardRound) { group in
            guard group.round <= readRound else { return false }
            let unheard = peers.values.count { $0.confirmedRound < group.round }
            guard group.items.allSatisfy({ holds($0, group.round, unheard) }) else { return false }
            endedReadGroups.append((group, .confirmed))
            return true
        }
    }

    /// A group with a slot that has changed hands since does not wait any more (`handBack`).
    /// - Parameter unheard: how many nodes have not confirmed that round.
    private func holds(_ item: ReadGroup.Item, _ round: UInt64, _ unheard: Int) -> Bool {
        if unheard <= item.spare, census.steady.contains(item.slot) { return true }
        guard item.replica.epoch == item.epoch, let leadership = item.replica.leadership, !leadership.isOpening else {
            return false
        }
        return isShown(item.replica) && isConfirmed(round, item.replica, leadership)
    }

    /// Nothing that was read of this slot holds.
    /// - Returns: the groups that were to show it.
    func takeReadGroups(of replica: Replica) -> [ReadGroup] {
        takeReadGroups { group in group.items.contains { $0.replica === replica } }
    }

    /// As `expireReads`.
    func expireReadGroups() {
        guard !readGroups.isEmpty else { return }
        for group in takeReadGroups(where: { now.since($0.since) >= settings.requestTimeout || isHopeless($0) }) {
            endedReadGroups.append((group, .expired))
        }
        for group in readGroups.filter({ now.since($0.since) > Self.patience }) {
            for item in group.items { wantConfirmations(of: item.replica) }
        }
    }

    /// As requests are given up (`Coordinator`).
    private func isHopeless(_ group: ReadGroup) -> Bool {
        now.since(group.since) >= settings.requestTimeout / 4
            && group.items.contains { $0.replica.configuration.map(hasLostMajority) ?? false }
    }

    private func takeReadGroups(where matches: (ReadGroup) -> Bool) -> [ReadGroup] {
        let found = readGroups.filter(matches)
        if !found.isEmpty { readGroups.removeAll { group in found.contains { $0 === group } } }
        return found
    }
}
