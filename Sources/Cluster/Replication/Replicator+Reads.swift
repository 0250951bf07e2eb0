import Protocol

/// Reads: at the primary after a majority has confirmed it, at `one` wherever there is a complete copy.
extension Replicator {
    private static let queryBytesMax = 1 << 20

    /// What a read comes to where nobody has to be asked and nothing to be waited for: at `one` where the copy here is
    /// complete, else where this node decides alone for the slot and has committed all that it has of it.
    /// - Returns: nil: it is to be sent to the primary.
    func readAtOnce(_ key: [UInt8], in slot: Slot, _ consistency: Consistency) -> Outcome? {
        mayReadAtOnce(slot, consistency) ? readEntry(key, in: slot) : nil
    }

    func mayReadAtOnce(_ slot: Slot, _ consistency: Consistency) -> Bool {
        guard !isSole(slot) else { return true }
        let replica = replica(slot)
        return failure == nil && replica.isTrusted && (consistency == .one || decidesAlone(replica))
    }

    func decidesAlone(_ replica: Replica) -> Bool {
        guard replica.memberCount == 1, let leadership = replica.leadership, case .open = leadership.phase else { return false }
        return leadership.held.isEmpty && !replica.isSealed && !replica.isDisputed
            && replica.log.commit == replica.log.position
    }

    func read(_ request: ForwardedRequest, of replica: Replica) -> Outcome {
        guard case .query(let query) = request.operation else { return readEntry(request.key, in: replica.slot) }
        let answer = answer(to: query, of: replica)
        guard failure == nil else { return .unavailable(failureReason) }
        return answer.map { .answer($0) } ?? .refused(.batchTooLarge)
    }

    private func readEntry(_ key: [UInt8], in slot: Slot) -> Outcome {
        let entry = visibleEntry(key, in: slot)
        guard failure == nil else { return .unavailable(failureReason) }
        return entry.map { .found($0) } ?? .notFound
    }

    /// What the keys of a read hold after all writes in the log, committed or not; nil: of a question that is answered
    /// from the table.
    private func snapshot(for request: ForwardedRequest, of replica: Replica) -> Outcome? {
        guard !has(.readWhenConfirmed) else { return nil }
        let outcome: Outcome
        switch request.operation {
        case .get: outcome = latestEntry(request.key, of: replica).map { .found($0) } ?? .notFound
        case .query(.entries(let keys)):
            outcome = entries(of: keys) {
                has(.readKeysApart) && $0 == keys.first ? visibleEntry($0, in: replica.slot) : latestEntry($0, of: replica)
            }.map { .answer($0) } ?? .refused(.batchTooLarge)
        default: return nil
        }
        return failure == nil ? outcome : .unavailable(failureReason)
    }

    /// - Returns: nil: it would be too large for a frame.
    private func entries(of keys: [[UInt8]], _ entry: (_ key: [UInt8]) -> Entry?) -> SlotAnswer? {
        var entries: [Entry?] = []
        var bytes = 0
        for key in keys {
            let entry = entry(key)
            bytes += 64 + (entry?.value.count ?? 0)
            guard bytes <= Limits.valueBytesMax + Limits.chunkBytesMax else { return nil }
            entries.append(entry)
        }
        return .entries(entries)
    }

    private func visibleEntry(_ key: [UInt8], in slot: Slot) -> Entry? {
        tableEntry(key, in: slot).flatMap { $0.isExpired(at: wallTime) ? nil : $0 }
    }

    /// - Returns: nil: it would be too large for a frame.
    private func answer(to query: SlotQuery, of replica: Replica) -> SlotAnswer? {
        switch query {
        case .entries(let keys):
            return entries(of: keys) { visibleEntry($0, in: replica.slot) }
        case .keys(let after, let countMax, let withExpired):
            return keys(after: after, countMax: Int(countMax), withExpired: withExpired, of: replica)
        case .holders(let version): return .count(UInt64(holders(of: version, in: replica)))
        }
    }

    /// What one turn reads of the store for it is bounded.
    private func keys(
        after: [UInt8]?, countMax: Int, withExpired: Bool, of replica: Replica
    ) -> SlotAnswer? {
        var keys: [[UInt8]] = []
        var last = after
        var bytesLeft = Self.queryBytesMax
        do {
            while true {
                let chunk = try store.chunk(of: replica.slot, after: last, bytesMax: min(bytesLeft, 64 << 10))
                for (key, entry) in chunk.entries {
                    guard keys.count < countMax else { return .keys(keys, after: last, total: replica.keys) }
                    last = key
                    bytesLeft -= key.count + entry.value.count
                    if withExpired || !entry.isExpired(at: wallTime) { keys.append(key) }
                }
                if chunk.isLast { return .keys(keys, after: nil, total: replica.keys) }
                if bytesLeft <= 0 { return .keys(keys, after: last, total: replica.keys) }
            }
        } catch {
            fail(error)
            return nil
        }
    }

    /// Members beside this one, the primary, that have `version` durably; none where it has not.
    private func holders(of version: Version, in replica: Replica) -> Int {
        guard let leadership = replica.leadership, let configuration = replica.configuration else { return 0 }
        return leadership.flows.count {
            configuration.members.contains($0.member) && $0.isDeclared && $0.acknowledged >= version
        }
    }

    /// The last pending write that the answer may depend on.
    private func pendingWrite(beneath request: ForwardedRequest, of replica: Replica) -> Version {
        switch request.operation {
        case .query(.entries(let keys)):
            keys.reduce(.zero) { max($0, replica.log.lastPending(of: $1)?.version ?? .zero) }
        case .query(.keys): replica.log.position
        case .query(.holders): .zero
        default: replica.log.lastPending(of: request.key)?.version ?? .zero
        }
    }

    /// A linearizable read. It has its place in the slot's order here, behind all writes in the log, and shows what they
    /// have left, whatever is written behind it: so a client finds what it wrote before, and nothing that it wrote
    /// after. It is answered once those writes are committed, and once a majority has confirmed, since now, that no
    /// later epoch can have begun.
    func startRead(
        _ request: ForwardedRequest, from origin: Origin, _ replica: Replica, _ leadership: Leadership
    ) {
        guard reads.bytes < Limits.heldReadBytesMax else {
            return respond(.outcome(.busy("too many large reads are under way")), to: request.number, at: origin)
        }
        let after = has(.readUncommitted) ? .zero : pendingWrite(beneath: request, of: replica)
        reads.append(
            WaitingRead(
                request, from: origin, of: replica, after: after, round: readRound + 1, since: now,
                snapshot: snapshot(for: request, of: replica)))
        wantConfirmations(of: leadership)
    }

    /// The members of a slot are to be asked at the end of the turn.
    func wantConfirmations(of leadership: Leadership) {
        hasUnaskedReads = true
        // All that there are.
        guard wanted.count < connectedCount else { return }
        for flow in leadership.flows where flow.isDeclared { want(flow.peer) }
    }

    private func want(_ peer: PeerConnection) {
        guard peer.wantedRound <= readRound else { return }
        peer.wantedRound = readRound + 1
        wanted.append(peer)
    }

    /// One question per peer for all reads of the turn, and for all slots that shrink.
    func askForConfirmations() {
        guard hasUnaskedReads || !mustHear.isEmpty else { return }
        hasUnaskedReads = false
        for node in peerOrder where mustHear.contains(node) { want(knownPeer(node)) }
        mustHear.removeAll()
        readRound += 1
        for peer in wanted {
            peer.requestedRound = readRound
            if let node = peer.member?.node { send(.confirmRequest(round: readRound), to: node) }
        }
        wanted.removeAll(keepingCapacity: true)
        answerReads()
    }

    func onConfirmation(_ round: UInt64, from node: NodeID) {
        guard let peer = peers[node], round <= peer.requestedRound, round > peer.confirmedRound
        else { return }
        peer.confirmedRound = round
        heardRound = max(heardRound, round)
        readsAreDue = true
        for slot in unheard.take() { attention.insert(slot) }
    }

    func answerReads() {
        readsAreDue = false
        settleReadGroups()
        guard !reads.isEmpty else { return }
        reads.take(through: has(.readWithoutConfirmation) ? readRound : heardRound) { read in
            let replica = read.replica
            guard let leadership = replica.leadership, !leadership.isOpening, !replica.isSealed, !replica.isDisputed
            else { return false }
            guard !replica.isUnsound else {
                // Its table may have shown what was never written: once it is mended it is read again.
                read.snapshot = nil
                return false
            }
            guard read.after <= replica.log.commit, read.round <= readRound,
                isConfirmed(read.round, replica, leadership)
            else { return false }
            let outcome = read.snapshot ?? self.read(read.request, of: replica)
            respond(.outcome(outcome), to: read.request.number, at: read.origin)
            return true
        }
    }

    func isConfirmed(_ round: UInt64, _ replica: Replica, _ leadership: Leadership) -> Bool {
        guard replica.isComplete else { return false }
        if has(.readWithoutConfirmation) { return true }
        var confirmed = 1
        for flow in leadership.flows where flow.isDeclared && flow.isMember && flow.peer.confirmedRound >= round {
            confirmed += 1
        }
        return confirmed > replica.memberCount / 2
    }

    /// A read whose majority never confirms is given up, as its coordinator has done; one that waits for
    /// longer than a confirmation takes is asked for again, since members come and go: any later round confirms it as
    /// well as its own.
    func expireReads() {
        expireReadGroups()
        guard !reads.isEmpty else { return }
        reads.removeAll { now.since($0.since) >= settings.requestTimeout }
        for read in reads.filter({ now.since($0.since) > .milliseconds(100) }) {
            if let leadership = read.replica.leadership { wantConfirmations(of: leadership) }
        }
    }
}
