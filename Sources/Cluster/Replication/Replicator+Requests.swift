import Protocol

/// Requests at the node that shall serve them: the primary, or for reads at `one` any complete member.
extension Replicator {
    /// A request of this node's own coordinator.
    package func onLocal(_ request: ForwardedRequest) { take(request, from: .coordinator) }

    func onForwarded(_ request: ForwardedRequest, from node: NodeID) {
        guard let session = session(with: node) else { return }
        take(request, from: .peer(node, session: session))
    }

    private func take(_ request: ForwardedRequest, from origin: Origin) {
        let replica = replica(request.slot)
        guard failure == nil else {
            return respond(.outcome(.unavailable(failureReason)), to: request.number, at: origin)
        }
        if request.consistency == .one, !request.operation.isWrite, replica.isTrusted {
            return respond(.outcome(read(request, of: replica)), to: request.number, at: origin)
        }
        if request.epoch > replica.epoch { return holdEarly(request, from: origin, replica) }
        guard let leadership = replica.leadership else {
            return redirect(request, of: replica, at: origin)
        }
        // A first sending by an older table goes back: a resend must be able to trust its first epoch.
        if request.operation.isWrite, !request.isResend, request.epoch < replica.epoch {
            return redirect(request, of: replica, at: origin)
        }
        if replica.isDisputed, !replica.isUnsound, !replica.isSealed, let reason = stopReason(replica) {
            return respond(.outcome(.unavailable(reason)), to: request.number, at: origin)
        }
        if replica.isSealed || replica.isUnsound || !serves(leadership.phase, request.operation) {
            return hold(request, from: origin, leadership)
        }
        switch request.operation {
        case .get: startRead(request, from: origin, replica)
        case .write, .batch: write(request, from: origin, replica, leadership)
        }
    }

    var failureReason: String {
        "node \(me) no longer trusts its disk: \(failure?.message ?? "")"
    }

    private func serves(_ phase: Leadership.Phase, _ operation: Operation) -> Bool {
        switch phase {
        case .opening: false
        case .open: true
        case .closing: !operation.isWrite
        }
    }

    private func redirect(_ request: ForwardedRequest, of replica: Replica, at origin: Origin) {
        guard let configuration = replica.configuration else {
            return respond(.again, to: request.number, at: origin)
        }
        respond(.redirect(configuration), to: request.number, at: origin)
    }

    private func hold(_ request: ForwardedRequest, from origin: Origin, _ leadership: Leadership) {
        guard leadership.held.count < Limits.pendingWritesPerSlotMax else {
            let reason = "slot \(request.slot) is changing hands and too many requests wait for it"
            return respond(.outcome(.busy(reason)), to: request.number, at: origin)
        }
        leadership.held.append(HeldRequest(request: request, origin: origin, since: now))
    }

    /// The sender knows a later configuration, of which this node will hear in a moment.
    private func holdEarly(_ request: ForwardedRequest, from origin: Origin, _ replica: Replica) {
        guard replica.early.count < Limits.pendingWritesPerSlotMax else {
            let reason = "too many requests wait for the configuration of slot \(request.slot)"
            return respond(.outcome(.busy(reason)), to: request.number, at: origin)
        }
        replica.early.append(HeldRequest(request: request, origin: origin, since: now))
        attend(replica)
    }

    /// Takes up what named an epoch that is now known.
    func takeUpEarly(of replica: Replica) {
        guard !replica.early.isEmpty else { return }
        let early = replica.early
        replica.early.removeAll()
        for item in early where now.since(item.since) < settings.requestTimeout {
            take(item.request, from: item.origin)
        }
    }

    /// Takes up what was held, now that the phase may allow it.
    func takeUpHeld(of leadership: Leadership) {
        let held = leadership.held
        leadership.held.removeAll()
        for item in held where now.since(item.since) < settings.requestTimeout {
            take(item.request, from: item.origin)
        }
    }

    /// What has waited for too long is not held any more. Its coordinator has given it up, unless the copy here is to be
    /// mended: then it hears why before it does.
    func expireHeld(of replica: Replica, _ leadership: Leadership) {
        let timeout = settings.requestTimeout
        let reason = stopReason(replica)
        leadership.held.removeAll { item in
            let waited = now.since(item.since)
            guard let reason, waited >= timeout / 4 * 3 else { return waited >= timeout }
            respond(.outcome(.unavailable(reason)), to: item.request.number, at: item.origin)
            return true
        }
    }

    /// The copy here is not to be shown any more: reads that wait for a confirmation wait with what is held, or are
    /// refused.
    func takeUpAgain(_ replica: Replica, _ leadership: Leadership) {
        let waiting = reads.filter { $0.request.slot == replica.slot }
        reads.removeAll { $0.request.slot == replica.slot }
        for read in waiting { take(read.request, from: read.origin) }
        takeUpHeld(of: leadership)
    }

    func respond(_ result: ForwardedResponse.Result, to number: UInt64, at origin: Origin) {
        let response = ForwardedResponse(number: number, result: result)
        switch origin {
        case .coordinator: answers.append(response)
        case .peer(let node, let session):
            if self.session(with: node) == session { send(.response(response), to: node) }
        }
    }

    // MARK: Reads

    private func read(_ request: ForwardedRequest, of replica: Replica) -> Outcome {
        if has(.readUncommitted), let pending = replica.log.lastPending(of: request.key)?.entry(of: request.key) {
            return .found(pending)
        }
        guard let entry = tableEntry(request.key, of: replica), !entry.isExpired(at: wallTime) else {
            return failure == nil ? .notFound : .unavailable(failureReason)
        }
        return .found(entry)
    }

    /// A linearizable read: after the pending writes of its key, and after a majority has confirmed,
    /// since now, that no later epoch can have begun.
    private func startRead(_ request: ForwardedRequest, from origin: Origin, _ replica: Replica) {
        let after = replica.log.lastPending(of: request.key)?.version ?? .zero
        let read = WaitingRead(
            request: request, origin: origin, after: after, round: readRound + 1, since: now)
        reads.append(read)
        hasUnaskedReads = true
    }

    /// One question per peer for all reads of the turn.
    func askForConfirmations() {
        guard hasUnaskedReads else { return }
        hasUnaskedReads = false
        readRound += 1
        var asked: [NodeID] = []
        for read in reads where read.round == readRound || isLate(read) {
            for flow in replica(read.request.slot).leadership?.flows ?? []
            where flow.isDeclared && !asked.contains(flow.member.node) {
                asked.append(flow.member.node)
            }
        }
        for node in asked {
            peers[node]?.requestedRound = readRound
            send(.confirmRequest(round: readRound), to: node)
        }
        answerReads()
    }

    func onConfirmation(_ round: UInt64, from node: NodeID) {
        guard let peer = peers[node], round <= peer.requestedRound, round > peer.confirmedRound
        else { return }
        peers[node]?.confirmedRound = round
        answerReads()
    }

    func answerReads() {
        guard !reads.isEmpty else { return }
        reads.removeAll { read in
            let replica = replica(read.request.slot)
            guard let leadership = replica.leadership, leadership.phase != .opening, !replica.isSealed,
                !replica.isUnsound, !replica.isDisputed
            else { return false }
            guard read.after <= replica.log.commit, read.round <= readRound,
                isConfirmed(read.round, replica, leadership)
            else { return false }
            respond(.outcome(self.read(read.request, of: replica)), to: read.request.number, at: read.origin)
            return true
        }
    }

    private func isConfirmed(_ round: UInt64, _ replica: Replica, _ leadership: Leadership) -> Bool {
        guard let configuration = replica.configuration, replica.isComplete else { return false }
        if has(.readWithoutConfirmation) { return true }
        var confirmed = 1
        for flow in leadership.flows where flow.isDeclared && configuration.members.contains(flow.member) {
            if let peer = peers[flow.member.node], peer.confirmedRound >= round { confirmed += 1 }
        }
        return confirmed >= configuration.majority
    }

    /// A read whose majority never confirms is given up, as its coordinator has done; one that waits for
    /// longer than a confirmation takes is asked for again, since members come and go.
    func expireReads() {
        guard !reads.isEmpty else { return }
        reads.removeAll { now.since($0.since) >= settings.requestTimeout }
        if reads.contains(where: isLate) { hasUnaskedReads = true }
    }

    /// Any later round confirms it as well as its own.
    private func isLate(_ read: WaitingRead) -> Bool { now.since(read.since) > .milliseconds(100) }

    // MARK: When the slot changes hands

    /// Hands back everything that waits for this slot: its coordinators send it again.
    func handBack(_ leadership: Leadership, of slot: Slot, to next: Configuration) {
        for write in leadership.waiting { respond(.again, to: write.number, at: write.origin) }
        // With these nothing has been done: their next sending may be their first.
        for item in leadership.held { respond(.redirect(next), to: item.request.number, at: item.origin) }
        leadership.waiting.removeAll()
        leadership.held.removeAll()
        reads.removeAll { read in
            guard read.request.slot == slot else { return false }
            respond(.again, to: read.request.number, at: read.origin)
            return true
        }
    }
}
