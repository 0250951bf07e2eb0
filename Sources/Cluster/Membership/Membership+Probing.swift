import Protocol

/// The failure detector: one probe at a time.
extension Membership {
    /// Pings on behalf of others that are under way at a time.
    private static let relaysMax = 64

    func continueProbe() {
        if let running = probe {
            if clock >= running.failAt {
                failProbe(running)
            } else if running.stage == .pinged, clock >= running.askOthersAt {
                askOthers(running)
            }
        }
        if probe == nil, clock >= schedule.probe { startProbe() }
    }

    private func startProbe() {
        let interval = health.stretched(settings.probeInterval)
        schedule.probe = clock + interval
        let next = order.next(random: &random) { peers[$0].isReachable }
        guard let target = next else { return }
        counters.probes += 1
        let sequence = nextSequence()
        probe = Probe(
            target: target, sequence: sequence,
            askOthersAt: clock + health.stretched(settings.pingTimeout), failAt: clock + interval)
        send(.ping(sequence: sequence), to: target)
    }

    private func askOthers(_ running: Probe) {
        let others = randomPeers(settings.indirectProbes) {
            $0 != running.target && peers[$0].isReachable && peers[$0].liveness == .alive
        }
        let target = peers[running.target].record.node
        probe?.stage = .othersAsked
        probe?.asked = others.count
        for other in others { send(.pingRequest(sequence: running.sequence, target: target), to: other) }
        effects.append(.askStreamProbe(target))
    }

    private func failProbe(_ failed: Probe) {
        probe = nil
        counters.probesFailed += 1
        // Nodes that were asked and said nothing at all: more likely it is this node that hears badly.
        health.worsen(by: failed.asked > 0 ? failed.asked - failed.nacks : 1)
        guard peers[failed.target].isReachable else { return }
        suspect(failed.target, accuser: peers.own.node)
    }

    /// Node `number` answered what this node asked.
    func noteAnswer(of number: Int) {
        peers.noteAnswer(of: number, at: clock)
        guard probe?.target == number else { return }
        probe = nil
        health.improve()
    }

    func onAck(sequence: UInt32, of node: NodeID) {
        guard let number = peers.number(of: node) else { return }
        if let running = probe, running.sequence == sequence, running.target == number {
            noteAnswer(of: number)
        } else if let index = relays.firstIndex(where: { $0.sequence == sequence && $0.target == number }) {
            let relay = relays.remove(at: index)
            send(.ack(sequence: relay.requesterSequence, node: node), to: relay.requester)
        }
    }

    func onNack(sequence: UInt32) {
        guard let running = probe, running.sequence == sequence else { return }
        probe?.nacks = min(running.nacks + 1, running.asked)
    }

    func onPingRequest(sequence: UInt32, target: NodeID, from requester: Int) {
        guard let number = peers.number(of: target), number != PeerTable.ownNumber else {
            return send(.nack(sequence: sequence), to: requester)
        }
        guard relays.count < Membership.relaysMax else {
            counters.refusedRequests += 1
            return
        }
        let own = nextSequence()
        relays.append(
            Relay(
                sequence: own, target: number, requester: requester, requesterSequence: sequence,
                nackAt: clock + settings.pingTimeout / 2, expireAt: clock + settings.probeInterval))
        send(.ping(sequence: own), to: number)
    }

    func expireRelays() {
        for index in relays.indices {
            guard let nackAt = relays[index].nackAt, clock >= nackAt else { continue }
            relays[index].nackAt = nil
            send(.nack(sequence: relays[index].requesterSequence), to: relays[index].requester)
        }
        relays.removeAll { clock >= $0.expireAt }
    }

    func redialIfDue() {
        guard clock >= schedule.redial else { return }
        schedule.redial = clock + settings.redialInterval
        let candidates = peers.dead.filter { peers[$0].isInRing }
        guard let number = candidates.randomElement(using: &random) else { return }
        send(.ping(sequence: nextSequence()), to: number)
    }

    func nextSequence() -> UInt32 {
        lastSequence &+= 1
        return lastSequence
    }

    /// Up to `count` different peers for which `isWanted` holds, at random. It tries a bounded number of
    /// times, so in a large ring with few that are wanted it may find none.
    func randomPeers(_ count: Int, where isWanted: (Int) -> Bool) -> [Int] {
        guard peers.count > 1 else { return [] }
        var found: [Int] = []
        for _ in 0..<(3 * peers.count) where found.count < count {
            let number = Int.random(in: 1..<peers.count, using: &random)
            if !found.contains(number), isWanted(number) { found.append(number) }
        }
        return found
    }
}
