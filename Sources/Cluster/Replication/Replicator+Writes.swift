import Protocol

/// Writes at the primary: computed through those that are pending, each entered in the log with its answer.
///
/// What changes nothing, a lost compare-and-set or an addition to what is no number, is entered as well. So it
/// has a place in the slot's order and is answered when that is committed: the answer is as linearizable as a
/// write's. And it is remembered: a copy of the request that is still on its way cannot take effect after its
/// client was told that it did not.
extension Replicator {
    func write(
        _ request: ForwardedRequest, from origin: Origin, _ replica: Replica, _ leadership: Leadership
    ) {
        if let known = replica.requests?.find(request.request), !has(.applyTwice) {
            let outcome = outcome(of: known, key: request.key, replica)
            return wait(known.version, outcome, request, from: origin, replica, leadership)
        }
        if let refusal = refusal(of: request, replica) {
            return respond(.outcome(refusal), to: request.number, at: origin)
        }
        guard let version = replica.log.position.next(in: replica.epoch) else {
            let reason = "slot \(request.slot) has used up the versions of its epoch"
            return respond(.outcome(.unavailable(reason)), to: request.number, at: origin)
        }
        let computation = compute(request.operation, request.key, version, replica)
        guard failure == nil else {
            return respond(.outcome(.unavailable(failureReason)), to: request.number, at: origin)
        }
        let entry = LogEntry(
            version: version, request: request.request, timestamp: wallTime, key: request.key,
            change: computation.change, answer: computation.answer.remembered)
        append(CollectionOfOne(entry), to: replica)
        if !leadership.flows.isEmpty { dirty.insert(replica.slot) }
        let outcome = Outcome(computation.answer, version: version, timestamp: wallTime)
        wait(version, outcome, request, from: origin, replica, leadership)
    }

    func compute(_ operation: Operation, _ key: [UInt8], _ version: Version, _ replica: Replica) -> Computation {
        switch operation {
        case .get, .query: return Computation(change: .nothing, answer: .written())
        case .write(let write) where write.source == nil:
            let present = write.needsPresent ? latestEntry(key, of: replica) : nil
            return write.computed(on: present, at: wallTime)
        case .write(let write):
            let item = KeyedWrite(key: key, write: write, isRequired: false)
            return Batch.computed(item, version: version, at: wallTime) { latestEntry($0, of: replica) }
        case .batch(let items):
            return Batch.computed(items, version: version, at: wallTime) { latestEntry($0, of: replica) }
        case .transaction(let given):
            let transaction = has(.ignoreExpectations) ? Transaction(batches: given.batches) : given
            return Batch.computed(transaction, version: version, at: wallTime) { latestEntry($0, of: replica) }
        }
    }

    /// Why a write that is not in the log cannot be entered.
    private func refusal(of request: ForwardedRequest, _ replica: Replica) -> Outcome? {
        let isForgotten = request.isResend && replica.requests?.mayHaveForgotten(firstEpoch: request.firstEpoch) == true
        if isForgotten || replica.requests?.isBelowMark(request.request) == true && !has(.ignoreMarks) {
            return .unavailable("slot \(request.slot) no longer remembers this request; outcome unknown")
        }
        guard request.operation.isOf(request.slot) else { return .refused(.otherSlot) }
        guard replica.log.pendingCount < Limits.pendingWritesPerSlotMax,
            replica.log.pendingBytes < Limits.pendingBytesPerSlotMax
        else { return .busy("too many writes of slot \(request.slot) are under way") }
        return nil
    }

    /// What is under the key after all writes in the log, committed or not.
    func latestEntry(_ key: [UInt8], of replica: Replica) -> Entry? {
        let entry: Entry?
        if let pending = replica.log.lastPending(of: key) {
            entry = pending.entry(of: key)
        } else {
            entry = tableEntry(key, of: replica)
        }
        return entry.flatMap { $0.isExpired(at: wallTime) ? nil : $0 }
    }

    /// The first answer of a write that came again.
    private func outcome(of known: RememberedRequest, key: [UInt8], _ replica: Replica) -> Outcome {
        let outcome = Outcome(known.answer, version: known.version, timestamp: known.timestamp)
        guard case .conflict(let met) = outcome else { return outcome }
        return .conflict(met.completed(by: latestEntry(key, of: replica)))
    }

    private func wait(
        _ version: Version, _ outcome: Outcome, _ request: ForwardedRequest, from origin: Origin,
        _ replica: Replica, _ leadership: Leadership
    ) {
        leadership.waiting.insert(
            WaitingWrite(
                version: version, outcome: outcome, number: request.number,
                consistency: request.consistency, origin: origin, since: now))
        // What was written before may be committed long since.
        if version <= replica.log.commit { answerWrites(of: replica) }
    }
}

extension Outcome {
    init(_ answer: WriteAnswer, version: Version, timestamp: Timestamp) {
        switch answer {
        case .written(let result): self = .written(version: version, timestamp: timestamp, result: result)
        case .conflict(let present): self = .conflict(present)
        case .refused(let fault): self = .refused(fault)
        case .batch(let answers): self = .batch(version: version, timestamp: timestamp, answers)
        case .aborted(let index, let answer): self = .aborted(at: index, answer)
        }
    }
}
