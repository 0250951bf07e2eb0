import Protocol

/// Becoming ready, leaving and stopping.
extension RingNode {
    private static let stopPatience = Duration.seconds(2)
    private static let stopTimeMax = Duration.seconds(10)
    private static let farewellTime = Duration.seconds(2)
    /// For so long a node that nobody knows to have left tries to be heard.
    private static let farewellTimeMax = Duration.seconds(10)
    private static let readinessInterval = Duration.milliseconds(100)
    private static let cannotLeave: Int32 = 3

    /// Hands all slots over to other nodes, leaves the ring for ever and ends: with 0 only when no slot is left
    /// here. That is the proof, since a copy is given up only on the word of the slot's primary that all its present
    /// members durably have everything, and that their digests were seen to be equal (`Replicator+Drop`). What takes
    /// longer than `leaveTimeout` is given up: the data stays.
    package func leave() {
        switch phase {
        case .joining: endBeforeItBegan()
        case .catchingUp, .ready: beginLeaving()
        case .leaving, .left, .stopping, .over: break
        }
    }

    /// Gives the lead of its slots away and ends; its data stays, to be back soon.
    package func stop() {
        switch phase {
        case .joining: endBeforeItBegan()
        case .catchingUp, .ready: beginStopping()
        case .leaving, .left, .stopping, .over: break
        }
    }

    private func endBeforeItBegan() {
        host.note(.info("stops before it was in a ring"))
        end(code: 0)
    }

    /// Every tick.
    func advanceLifecycle() {
        switch phase {
        case .joining, .ready, .over: break
        case .catchingUp: checkReadiness()
        case .leaving: continueLeaving()
        case .left: sayFarewell()
        case .stopping: continueStopping()
        }
    }

    // MARK: Ready

    private func checkReadiness() {
        guard now >= nextReadinessCheck else { return }
        nextReadinessCheck = now + RingNode.readinessInterval
        guard unreadiness == nil else { return }
        phase = .ready
        host.nodeIsReady(activeNodes: activeCount)
    }

    /// Why this node is not ready, in words for an operator; nil: nothing is missing.
    package var unreadiness: String? {
        guard let membership, hasExchanged else { return "word of the ring from another node" }
        guard membership.ownRecord.status == .active else { return "its record to be active again" }
        guard replicator.targets.ringDigest == ring.digest else { return "its table of targets" }
        if replicator.isOpening { return "the slots that it leads to open" }
        return holdsItsTargets ? nil : "the data of the slots that it should hold"
    }

    private var holdsItsTargets: Bool {
        if let slots = settings.slots { return replicator.holdsItsTargets(of: slots) }
        return replicator.holdsItsTargets(of: Slot.all)
    }

    /// Nodes that take part, this one included.
    package var activeCount: Int { ring.records.count { $0.status == .active } }

    // MARK: Leaving

    private var otherLiveNodes: Int {
        ring.records.count {
            $0.status == .active && $0.node != me && membership?.liveness(of: $0.node) == .alive
        }
    }

    private func beginLeaving() {
        guard otherLiveNodes > 0 else {
            host.note(
                .error(
                    "cannot leave: no other node can take its \(replicator.slotsHeld) slots; "
                        + "data kept in \(settings.place)"))
            return end(code: RingNode.cannotLeave)
        }
        host.note(.info("leaves the ring: \(replicator.slotsHeld) slots go to other nodes"))
        phase = .leaving
        departure = DepartureWatch(now: now)
        membership?.update(status: .leaving, now: now)
    }

    private func continueLeaving() {
        let left = replicator.slotsHeld
        guard left > 0 else { return becomeGone() }
        if let departure, now.since(departure.begunAt) > settings.leaveTimeout { return giveUpLeaving(left) }
        if departure?.shouldReport(now: now) == true {
            requestStatus { [unowned self] status in
                let reasons = status.waiting.map { "\($0.what) for \($0.waitingFor)" }
                host.note(.info("leaves: \(left) slots are still here; waits: \(reasons.joined(separator: "; "))"))
            }
        }
    }

    private func giveUpLeaving(_ left: Int) {
        let reasons = replicator.status().waiting.map { "\($0.what) waits for \($0.waitingFor)" }
        host.note(
            .error(
                "cannot leave within \(settings.leaveTimeout): \(left) slots are not safe elsewhere yet "
                    + "(\(reasons.joined(separator: "; "))); data kept in \(settings.place), start it again with it"))
        exitCode = RingNode.cannotLeave
        membership?.update(status: .active, now: now)
        carryOutEffects()
        tellAll()
        beginStopping()
    }

    private func becomeGone() {
        host.note(.info("all slots are handed over: their new members are complete, with equal digests"))
        phase = .left
        departure = DepartureWatch(now: now)
        membership?.update(status: .gone, now: now)
        carryOutEffects()
        bidFarewell()
    }

    private func bidFarewell() {
        guard !replicator.has(.leaveSilently) else { return }
        tellAll()
        for node in linkedNodes { send(.farewell, to: node) }
    }

    /// A node of which nobody knows that it has left would be waited for. So somebody must have said that it knows;
    /// who reaches nobody for `farewellTimeMax` ends all the same, since its slots are safe.
    private func sayFarewell() {
        guard let membership, let departure else { return end(code: 0) }
        let time = now.since(departure.begunAt)
        let isSpread = !membership.isSpreadingOwnRecord && otherLiveNodes > 0
        guard isFarewellHeard || replicator.has(.leaveSilently) else {
            guard time >= RingNode.farewellTimeMax else {
                if self.departure?.shouldReport(now: now) == true { bidFarewell() }
                return
            }
            host.note(.warning("has left the ring, and nobody has heard of it: have it forgotten (FORGET \(me))"))
            return end(code: 0)
        }
        guard isSpread || time >= RingNode.farewellTime else { return }
        host.note(.info("has left the ring"))
        end(code: 0)
    }

    // MARK: Stopping

    private func beginStopping() {
        host.note(.info("stops; its data stays in \(settings.place)"))
        phase = .stopping
        departure = DepartureWatch(now: now)
        replicator.onStopping()
        continueStopping()
    }

    private func continueStopping() {
        guard let departure else { return end(code: exitCode) }
        // Alone there is nobody to take over.
        let left = replicator.slotsLed
        guard left > 0, !linkedNodes.isEmpty else { return end(code: exitCode) }
        self.departure?.note(left, now: now)
        // What goes on is waited for: a slot that is handed over is closed for milliseconds, one that is left
        // behind until the others have taken it over.
        let isStuck = self.departure?.rests(for: RingNode.stopPatience, now: now) == true
        guard isStuck || now.since(departure.begunAt) >= RingNode.stopTimeMax else { return }
        end(code: exitCode)
    }

    // MARK: The end

    /// Nothing is acknowledged any more and nothing else is worth doing.
    func end(failing reason: String) {
        host.note(.error(reason))
        end(code: 1)
    }

    private func end(code: Int32) {
        guard phase != .over else { return }
        phase = .over
        exitCode = code
        replicator.reportHandOvers(quietFor: .zero)
        replicator.endTurnEarly()
        host.nodeEnded(code: code)
    }
}
