import Protocol

/// The failure detector. In each interval every neighbour and one other peer are probed, evenly spread over
/// it.
extension Membership {
    /// Pings on behalf of others that are under way at a time.
    private static let relaysMax = 64

    func continueProbes() {
        for probe in probes {
            if clock >= probe.failAt {
                fail(probe)
            } else if probe.stage != .othersAsked, clock >= probe.askOthersAt {
                askOthers(probe)
            } else if probe.stage == .pinged, clock >= probe.pingAgainAt {
                pingAgain(probe)
            }
        }
        let step = health.stretched(settings.probeInterval) / (settings.neighbours + 1)
        for _ in 0...settings.neighbours where clock >= schedule.probe {
            schedule.probe = schedule.probe + step
            probeNext()
        }
        // What was not done in time is not made up for.
        if clock >= schedule.probe { schedule.probe = clock + step }
    }

    private func probeNext() {
        guard let target = nextTarget() else { return }
        let running = probes.first { $0.target == target }
        let sequence = running?.sequence ?? nextSequence()
        // Who suspects it knows already what another probe would tell, but for an answer.
        if running == nil, !isAccused(target) { startProbe(of: target, sequence) }
        send(.ping(sequence: sequence), to: target)
    }

    private func nextTarget() -> Int? {
        turn = (turn + 1) % (settings.neighbours + 1)
        if let target = order.nextUrgent(isReachable: { peers[$0].isReachable }) { return target }
        if turn > 0 {
            let neighbours = peers.neighbours(turn)
            if neighbours.count == turn { return neighbours[turn - 1] }
        }
        return order.next(random: &random) { peers[$0].isReachable }
    }

    private func isAccused(_ number: Int) -> Bool {
        peers[number].suspicion?.accusers.contains(peers.own.node) ?? false
    }

    private func startProbe(of target: Int, _ sequence: UInt32) {
        counters.probes += 1
        probes.append(
            Probe(
                target: target, sequence: sequence, silentSince: clock,
                pingAgainAt: clock + health.stretched(settings.pingTimeout) / 2,
                askOthersAt: clock + health.stretched(settings.pingTimeout),
                failAt: clock + health.stretched(settings.probeTimeout)))
    }

    private func pingAgain(_ probe: Probe) {
        update(probe) {
            $0.stage = .pingedAgain
            $0.silentSince = clock
        }
        send(.ping(sequence: probe.sequence), to: probe.target)
    }

    private func askOthers(_ probe: Probe) {
        let others = randomPeers(settings.indirectProbes) {
            $0 != probe.target && peers[$0].isReachable && peers[$0].liveness == .alive
        }
        update(probe) {
            $0.stage = .othersAsked
            $0.asked = others.count
        }
        let target = peers[probe.target].record.node
        for other in others { send(.pingRequest(sequence: probe.sequence, target: target), to: other) }
        effects.append(.askStreamProbe(target))
    }

    private func update(_ probe: Probe, _ body: (inout Probe) -> Void) {
        guard let index = probes.firstIndex(where: { $0.sequence == probe.sequence }) else { return }
        body(&probes[index])
    }

    private func fail(_ probe: Probe) {
        probes.removeAll { $0.sequence == probe.sequence }
        counters.probesFailed += 1
        // Nodes that were asked and said nothing at all: more likely it is this node that hears badly.
        health.worsen(by: probe.asked > 0 ? probe.asked - probe.nacks : 1)
        guard peers[probe.target].isReachable else { return }
        suspect(
            probe.target, accuser: peers.own.node, since: probe.silentSince,
            firstSequence: probe.sequence)
        peers.backdateSuspicion(of: probe.target, to: probe.silentSince)
    }

    /// Node `number` answered what this node asked.
    func noteAnswer(of number: Int) {
        peers.noteAnswer(of: number, at: clock)
        guard let index = probes.firstIndex(where: { $0.target == number }) else { return }
        probes.remove(at: index)
        health.improve()
    }

    func onAck(sequence: UInt32, of node: NodeID) {
        guard let number = peers.number(of: node) else { return }
        if probes.contains(where: { $0.sequence == sequence && $0.target == number }) {
            noteAnswer(of: number)
        } else if let index = relays.firstIndex(where: { $0.sequence == sequence && $0.target == number }) {
            let relay = relays.remove(at: index)
            send(.ack(sequence: relay.requesterSequence, node: node), to: relay.requester)
        } else if let suspicion = peers[number].suspicion, suspicion.covers(sequence, upTo: lastSequence) {
            noteAnswer(of: number)
        }
    }

    func onNack(sequence: UInt32) {
        guard let index = probes.firstIndex(where: { $0.sequence == sequence }) else { return }
        probes[index].nacks = min(probes[index].nacks + 1, probes[index].asked)
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
                nackAt: clock + settings.pingTimeout / 2, expireAt: clock + settings.probeTimeout))
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
