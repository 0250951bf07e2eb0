import Protocol

/// Who is in the ring and how alive each of them is: SWIM (Das, Gupta, Motivala, DSN 2002) with the
/// extensions of Lifeguard (Dadgar, Phillips, Currey, DSN 2018), as a value: inputs in, effects out, time
/// an argument, randomness a seed.
///
/// The driver gives it every packet, a tick each 50 to 100 ms, and what the stream connections hear, and
/// after each of these carries out `drainEffects()` in order.
///
/// Where it departs from the papers:
/// - The subject of gossip is the ring record, a CRDT; liveness rides on it and belongs to its incarnation.
/// - Every packet carries its sender's record; so the first packet of a node introduces it.
/// - Suspects *and dead* nodes are told so first in every packet to them, and dead nodes are pinged now and
///   then for ever: that is how the sides of a healed partition find each other and refute.
/// - Death that a full exchange tells of only makes suspect: the other side of a healed partition is wrong
///   about most of this one.
/// - Beside the peer whose turn it is, each node probes its two neighbours on a circle that all know, in
///   every interval: in SWIM the time until somebody probes a dead node has a long tail.
/// - A ping that gets no answer is repeated once before others are asked: one lost packet is no reason.
/// - A suspicion counts from the second ping without an answer, not from the end of the probe.
/// - Some of those that hear of a suspicion, by lot, look for themselves at once, so that confirmations do
///   not wait for their turn.
/// - Whoever heard a suspect answer since the suspicion began does not declare it dead by itself; before it
///   would, it pings the suspect once more.
/// - A process that was paused moves its deadlines on by the pause.
/// - An incarnation is durable before it is used, so a refutation leaves one disk sync after its cause.
///
/// Invariants: liveness within one incarnation only grows; only the node itself raises its incarnation
/// (but see `forget`); the node's own record is never anything but what it decided itself.
package final class Membership {
    let ring: RingID
    let settings: MembershipSettings
    var random: Random
    /// The time of the latest input.
    var clock: Instant

    var peers: PeerTable
    var rumors = RumorQueue()
    var order = ProbeOrder()
    var health: LocalHealth
    var schedule: Schedule
    var probes: [Probe] = []
    /// Which of the neighbours' turns it is to be probed; at 0 it is another peer's.
    var turn = 0
    var relays: [Relay] = []
    var lastSequence: UInt32
    var identity: OwnIdentity
    var effects: [MembershipEffect] = []
    package internal(set) var counters = MembershipCounters()
    /// Whether another node has told what it knows, or that it knows the same.
    package internal(set) var hasExchanged = false

    /// - Parameters:
    ///   - record: of this node, with an incarnation that is durable and was never used before.
    ///   - seed: different for each node and start.
    package init(
        record: RingRecord, ring: RingID, settings: MembershipSettings = MembershipSettings(),
        seed: UInt64, now: Instant
    ) {
        self.ring = ring
        self.settings = settings
        var random = Random(seed: seed)
        clock = now
        peers = PeerTable(own: record)
        health = LocalHealth(factorMax: settings.healthFactorMax)
        // Nodes that start together must not go on in step.
        schedule = Schedule(
            probe: now + settings.probeInterval.part(using: &random),
            gossip: now,
            redial: now + settings.redialInterval.part(using: &random),
            exchange: now + settings.exchangeInterval.part(using: &random))
        lastSequence = UInt32.random(in: 0 ... .max, using: &random)
        self.random = random
        identity = OwnIdentity(wanted: record)
        rumors.add(PeerTable.ownNumber)
    }

    /// What there is to do since the last call.
    package func drainEffects() -> [MembershipEffect] {
        defer { effects.removeAll(keepingCapacity: true) }
        return effects
    }

    // MARK: Inputs

    /// Does what is due. Every 50 to 100 ms, and as often as one likes.
    package func onTick(now: Instant) {
        advance(to: now)
        continueProbes()
        expireRelays()
        expireSuspicions()
        gossipIfDue()
        redialIfDue()
        exchangeIfDue()
    }

    /// The stream connection heard from `node`, whatever it said: it lives. Names of strangers are ignored.
    package func onContact(_ node: NodeID, now: Instant) {
        advance(to: now)
        guard let number = peers.number(of: node), number != PeerTable.ownNumber else { return }
        noteAnswer(of: number)
    }

    /// The stream connection to `node` broke: it is probed before all others.
    package func onDisconnect(_ node: NodeID, now: Instant) {
        advance(to: now)
        guard let number = peers.number(of: node), number != PeerTable.ownNumber else { return }
        order.hurry(number)
    }

    /// Takes over records that are news to this process alone, from its own disk. Their nodes count as
    /// alive until found otherwise.
    package func merge(_ records: [RingRecord], now: Instant) {
        merge(records.map { Rumor(record: $0, liveness: .alive) }, from: nil, now: now)
    }

    /// Takes over what the peer of a full exchange, or of a join, sent.
    /// - Parameter peer: whose word it is.
    package func merge(_ rumors: [Rumor], from peer: NodeID?, now: Instant) {
        advance(to: now)
        let known = peers.count
        for rumor in rumors { take(softened(rumor, from: peer)) }
        let strangers = known..<peers.count
        // Who learns most of a ring at once has joined it: that is news to few. It is to some when many
        // join at once, so it is not kept back; that was tried, and late joiners were not known in time.
        if strangers.count * 2 > peers.count {
            let times = peer == nil ? 0 : settings.joinRetransmits
            self.rumors.hush(strangers, toBeSent: times, limit: transmitsMax)
        }
    }

    /// A dead node that this one does not know to be dead becomes a suspect, on the word of `peer`.
    private func softened(_ rumor: Rumor, from peer: NodeID?) -> Rumor {
        guard rumor.liveness == .dead, let peer, let number = peers.number(of: rumor.node) else {
            return rumor
        }
        guard number == PeerTable.ownNumber || peers[number].liveness != .dead else { return rumor }
        return Rumor(record: rumor.record, liveness: .suspect, accuser: peer)
    }

    // MARK: Time

    /// Moves the clock, never back. Where nothing drove this process for long, everything it waits for
    /// gets that time on top: the answers may be waiting in its socket.
    func advance(to now: Instant) {
        let gap = now.since(clock)
        clock = max(clock, now)
        guard gap >= settings.pauseMin else { return }
        counters.pauses += 1
        health.worsen()
        schedule.shift(by: gap)
        for index in probes.indices { probes[index].shift(by: gap) }
        for index in relays.indices {
            relays[index].nackAt = relays[index].nackAt.map { $0 + gap }
            relays[index].expireAt = relays[index].expireAt + gap
        }
        peers.shift(by: gap)
    }
}

extension Duration {
    /// A random part of it.
    func part(using random: inout Random) -> Duration {
        .microseconds(Int64(UInt64.random(in: 0...wholeMicroseconds, using: &random)))
    }
}
