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
        // What was sent by an older table goes back, all of it: a resend must be able to trust its first epoch, and
        // none may overtake another that went back before.
        if request.epoch < replica.epoch, !has(.readUnderAnOlderEpoch) || request.operation.isWrite && !request.isResend {
            return redirect(request, of: replica, at: origin)
        }
        if replica.isDisputed, !replica.isUnsound, !replica.isSealed, let reason = stopReason(replica) {
            return respond(.outcome(.unavailable(reason)), to: request.number, at: origin)
        }
        if replica.isSealed || replica.isUnsound || !serves(leadership.phase, request.operation)
            || isBehindHeld(leadership, origin)
        {
            return hold(request, from: origin, leadership)
        }
        switch request.operation {
        case .get, .query: startRead(request, from: origin, replica, leadership)
        case .write, .batch, .transaction: write(request, from: origin, replica, leadership)
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

    /// A read must not overtake a write that is held, if one client may have sent both.
    private func isBehindHeld(_ leadership: Leadership, _ origin: Origin) -> Bool {
        guard !leadership.held.isEmpty, !has(.readBeforeHeldWrites) else { return false }
        return leadership.held.contains { $0.origin == origin }
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
        leadership.hold(HeldRequest(request: request, origin: origin, since: now))
    }

    /// The sender knows a later configuration, of which this node will hear in a moment.
    private func holdEarly(_ request: ForwardedRequest, from origin: Origin, _ replica: Replica) {
        guard replica.early.count < Limits.pendingWritesPerSlotMax else {
            let reason = "too many requests wait for the configuration of slot \(request.slot)"
            return respond(.outcome(.busy(reason)), to: request.number, at: origin)
        }
        replica.addEarly(HeldRequest(request: request, origin: origin, since: now))
        attend(replica)
    }

    /// Takes up what named an epoch that is now known.
    func takeUpEarly(of replica: Replica) {
        guard !replica.early.isEmpty else { return }
        let early = replica.early
        replica.removeEarly { _ in true }
        for item in early where now.since(item.since) < settings.requestTimeout {
            take(item.request, from: item.origin)
        }
    }

    /// Takes up what was held, now that the phase may allow it.
    func takeUpHeld(of leadership: Leadership) {
        let held = leadership.held
        leadership.removeHeld { _ in true }
        for item in held where now.since(item.since) < settings.requestTimeout {
            take(item.request, from: item.origin)
        }
    }

    /// What has waited for too long is not held any more. Its coordinator has given it up, unless the copy here is to be
    /// mended: then it hears why before it does.
    func expireHeld(of replica: Replica, _ leadership: Leadership) {
        let timeout = settings.requestTimeout
        let reason = stopReason(replica)
        leadership.removeHeld { item in
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
        for group in takeReadGroups(of: replica) { deliverGroup(group, .void) }
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

    // MARK: When the slot changes hands

    /// Hands back everything that waits for this slot: its coordinators send it again.
    func handBack(_ leadership: Leadership, of slot: Slot, to next: Configuration) {
        leadership.waiting.removeAll { respond(.again, to: $0.number, at: $0.origin) }
        // With these nothing has been done: their next sending may be their first.
        for item in leadership.held { respond(.redirect(next), to: item.request.number, at: item.origin) }
        leadership.removeHeld { _ in true }
        for group in takeReadGroups(of: replica(slot)) { endedReadGroups.append((group, .void)) }
        reads.removeAll { read in
            guard read.request.slot == slot else { return false }
            respond(.again, to: read.request.number, at: read.origin)
            return true
        }
    }
}
