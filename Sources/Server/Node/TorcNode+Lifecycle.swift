import Cluster
import Glibc
import Protocol
import UV

/// Becoming ready, leaving and stopping.
extension TorcNode {
    private static let stopPatience = Duration.seconds(2)
    private static let farewellTime = Duration.seconds(2)
    private static let readinessInterval = Duration.milliseconds(100)
    private static let cannotLeave: Int32 = 3

    func listenToSignals() throws(IOError) {
        signals = [
            try Signal(loop, SIGINT) { [unowned self] in onSignal(SIGINT, options.onInt) },
            try Signal(loop, SIGTERM) { [unowned self] in onSignal(SIGTERM, options.onTerm) },
        ]
    }

    private func onSignal(_ number: Int32, _ departure: NodeOptions.Departure) {
        switch phase {
        case .leaving, .left, .stopping, .over:
            log.warning("stops at once; data kept in \(identity.place)")
            exit(128 + number)
        case .joining:
            log.info("stops before it was in a ring")
            end(code: 0)
        case .catchingUp, .ready:
            _ = now
            switch departure {
            case .leave: beginLeaving()
            case .stop: beginStopping()
            }
        }
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
        nextReadinessCheck = now + TorcNode.readinessInterval
        guard hasExchanged, let membership, membership.ownRecord.status == .active,
            replicator.targets.ringDigest == ring.digest, replicator.holdsItsTargets, !replicator.isOpening
        else { return }
        phase = .ready
        Logger.emit(
            "torc-node \(identity.node) ready on \(boundAddress), ring of \(activeCount)", to: STDOUT_FILENO)
    }

    // MARK: Leaving

    private var otherLiveNodes: Int {
        ring.records.count {
            $0.status == .active && $0.node != identity.node && membership?.liveness(of: $0.node) == .alive
        }
    }

    private func beginLeaving() {
        guard otherLiveNodes > 0 else {
            log.error(
                "cannot leave: no other node can take its \(replicator.slotsHeld) slots; "
                    + "data kept in \(identity.place)")
            return end(code: TorcNode.cannotLeave)
        }
        log.info("leaves the ring: \(replicator.slotsHeld) slots go to other nodes")
        phase = .leaving
        departure = DepartureWatch(now: now)
        membership?.update(status: .leaving, now: now)
    }

    private func continueLeaving() {
        let left = replicator.slotsHeld
        guard left > 0 else { return becomeGone() }
        departure?.note(left, now: now)
        if departure?.isStuck(now: now) == true { return giveUpLeaving(left) }
        if departure?.shouldReport(now: now) == true {
            let reasons = replicator.status().waiting.map { "\($0.what) for \($0.waitingFor)" }
            log.info("leaves: \(left) slots are still here; waits: \(reasons.joined(separator: "; "))")
        }
    }

    private func giveUpLeaving(_ left: Int) {
        let reasons = replicator.status().waiting.map { "\($0.what) waits for \($0.waitingFor)" }
        log.error(
            "cannot leave: no other node has taken its last \(left) slots "
                + "(\(reasons.joined(separator: "; "))); data kept in \(identity.place)")
        exitCode = TorcNode.cannotLeave
        membership?.update(status: .active, now: now)
        carryOutEffects()
        tellAll()
        beginStopping()
    }

    private func becomeGone() {
        log.info("all slots are handed over")
        phase = .left
        departure = DepartureWatch(now: now)
        membership?.update(status: .gone, now: now)
        carryOutEffects()
        tellAll()
    }

    private func sayFarewell() {
        guard let membership, let departure else { return end(code: 0) }
        let isSaid = !membership.isSpreadingOwnRecord && otherLiveNodes > 0
        guard isSaid || now.since(departure.begunAt) >= TorcNode.farewellTime else { return }
        log.info("has left the ring")
        end(code: 0)
    }

    /// Everybody is to hear at once what this node has become.
    func tellAll() {
        guard let membership else { return }
        for node in links.nodes { links.send(.records(membership.exchangeOfOwn()), to: node) }
    }

    // MARK: Stopping

    func beginStopping() {
        log.info("stops; its data stays in \(identity.place)")
        phase = .stopping
        departure = DepartureWatch(now: now)
        replicator.onStopping()
        continueStopping()
    }

    private func continueStopping() {
        guard let departure else { return end(code: exitCode) }
        // Alone there is nobody to take over.
        let isDone = replicator.slotsLed == 0 || links.nodes.isEmpty
        guard isDone || now.since(departure.begunAt) >= TorcNode.stopPatience else { return }
        end(code: exitCode)
    }
}
