import Protocol

/// Writes of this node's own clients in slots that are this node's alone: they go into the table as they come, past the
/// log.
///
/// Invariant: such a write is in the table, under its version and in the sums, and no answer to a client leaves the node
/// before the batch that has it is committed, and where it is durable later than that, before it is durable
/// (`RingNode.unsettled`); until then no message of replication leaves for a peer either (`send`). Nobody can ask for its
/// log entry: there is no other member, no learner and no copy under way. It is not remembered by its request id: it has its answer here and now, and whoever
/// gave it the id, this node's coordinator, never sends it again. So a write that its client named goes the long way.
extension Replicator {
    /// Whether nobody else has a part in the slot and nothing in it is under way, so that this node may read and write
    /// it without asking anybody or waiting for anything.
    func isSole(_ replica: Replica) -> Bool {
        replica.isTrusted && decidesAlone(replica) && replica.leadership?.flows.isEmpty == true && replica.log.isEmpty
            && replica.scrub == nil && now >= replica.pinnedUntil
    }

    /// The same, mostly without a look at the slot, whose parts are seldom in the processor's cache.
    func isSole(_ slot: Slot) -> Bool {
        guard failure == nil else { return false }
        if census.sole.contains(slot) { return true }
        guard let replica = replicasBySlot[slot.index], isSole(replica) else { return false }
        census.sole.insert(slot)
        return true
    }

    /// - Returns: what the write came to; nil: it is to be sent to the primary.
    func writeAtOnce(_ operation: Operation, key: [UInt8], in slot: Slot) -> Outcome? {
        guard mayPassLog, isSole(slot), operation.isOf(slot) else { return nil }
        let replica = replica(slot)
        guard let version = replica.log.position.next(in: replica.epoch) else { return nil }
        let computation = compute(operation, key, version, replica)
        guard failure == nil else { return .unavailable(failureReason) }
        let entry = LogEntry(
            version: version, request: RequestID(own: version), timestamp: wallTime, key: key,
            change: computation.change, answer: .written())
        apply(entry, to: replica)
        guard failure == nil else { return .unavailable(failureReason + "; outcome unknown") }
        if case .set = computation.change { pass(replica, to: version, leavesEntry: true) } else { pass(replica, to: version) }
        return Outcome(computation.answer, version: version, timestamp: wallTime)
    }

    /// Carries a request out, without a copy of it or of what is there, where nobody has to be asked or waited for.
    /// - Parameter answer: is told what it came to; returns whether it takes more.
    /// - Returns: what `answer` returned; nil: it was not called, and the request is to be submitted.
    func carryOutAtOnce(_ request: RequestView, _ answer: (AnswerView) -> Bool) -> Bool? {
        switch request.kind {
        case .get:
            guard mayReadAtOnce(request.slot, request.consistency) else { return nil }
            var takesMore: Bool?
            _ = store.look(in: request.slot, at: request.key) { view in
                let isThere = view?.expiry.map { $0 > wallTime } ?? true
                takesMore = answer(.value(isThere ? view : nil))
            }
            return takesMore
        case .set(let value):
            guard let version = writeAtOnce(value, at: request.key, in: request.slot) else { return nil }
            return answer(.written(version, wallTime))
        case .other: return nil
        }
    }

    /// - Returns: the version of what is written; nil: nothing is.
    @inline(__always)
    private func writeAtOnce(
        _ value: UnsafeRawBufferPointer, at key: UnsafeRawBufferPointer, in slot: Slot
    ) -> Version? {
        guard mayPassLog, isSole(slot) else { return nil }
        let replica = replica(slot)
        guard let version = replica.log.position.next(in: replica.epoch) else { return nil }
        var expiry: Timestamp?
        let entry = PlainEntry(value: value, version: version, timestamp: wallTime)
        guard exchange(entry, key: key, in: replica, expiry: &expiry) else { return nil }
        if let expiry { indexExpiry(of: Array(key), from: expiry, to: nil, in: replica) }
        pass(replica, to: version, leavesEntry: true)
        return version
    }

    /// Where it takes time to be durable, messages would wait for that: not where this node has heard of another one
    /// since it started.
    private var mayPassLog: Bool {
        switch store.logBypass {
        case .never: false
        case .whileAlone: peers.isEmpty
        case .always: true
        }
    }

    /// The batch that must be durable before anything leaves this node that might show what went past the log; nil: what
    /// did is durable.
    var unsettled: Ticket? {
        switch passing {
        case .nothing: nil
        case .open: .max
        case .committed(let ticket): ticket > store.durable ? ticket : nil
        }
    }

    /// Nothing may leave before the open batch is durable.
    private func hold() {
        if case .nothing = passing { heldSince = now }
        passing = .open
    }

    /// Everybody waits where the disk does: worth a line.
    func warnOfStall() {
        guard passing != .nothing, now.since(heldSince) >= .seconds(1) else { return hasWarnedOfStall = false }
        guard !hasWarnedOfStall else { return }
        hasWarnedOfStall = true
        notice(.warning("all answers wait for the disk, which has been behind for a second"))
    }

    /// What went past the log may have become durable.
    func settle() {
        guard case .committed = passing, unsettled == nil else { return }
        passing = .nothing
        let messages = heldMessages
        heldMessages.removeAll()
        for item in messages where peers[item.node]?.session == item.session { outbox.send(item.message, to: item.node) }
    }

    /// - Parameter leavesEntry: whether an entry of the table has `version`.
    private func pass(_ replica: Replica, to version: Version, leavesEntry: Bool = false) {
        replica.log.pass(to: version)
        if store.logBypass == .whileAlone { hold() }
        if leavesEntry { markProgressLate(of: replica) } else { markProgress(of: replica) }
        hasChanges = true
    }
}
