import Protocol

/// Where knowledge of others changes: records by the rule of the CRDT, liveness by SWIM's.
extension Membership {
    /// Weighs one rumor, from whatever source.
    func take(_ rumor: Rumor) {
        guard let number = peers.number(of: rumor.node) else { return adopt(rumor) }
        guard number != PeerTable.ownNumber else { return takeAboutSelf(rumor) }
        let known = peers[number].record
        if rumor.record.supersedes(known) {
            replaceRecord(of: number, by: rumor)
        } else if rumor.record.incarnation == known.incarnation, rumor.record.member == known.member {
            takeLiveness(of: number, from: rumor)
        }
    }

    /// There is news of node `number` that did not come by gossip.
    func spread(_ number: Int) { rumors.add(number) }

    /// What this node would tell others of node `number`.
    func rumor(of number: Int) -> Rumor {
        let peer = peers[number]
        return Rumor(
            record: peer.record, liveness: peer.liveness,
            accuser: peer.suspicion.flatMap { accuserToName(of: $0) })
    }

    /// Each accuser names itself, all others one at random, so that all accusers get around.
    private func accuserToName(of suspicion: Suspicion) -> NodeID? {
        let own = peers.own.node
        return suspicion.accusers.contains(own) ? own : suspicion.accusers.randomElement(using: &random)
    }

    private func adopt(_ rumor: Rumor) {
        let number = peers.append(rumor.record)
        order.insert(number, random: &random)
        effects.append(.recordChanged(rumor.record))
        spread(number)
        takeLiveness(of: number, from: rumor)
        exchangeSoon()
    }

    private func replaceRecord(of number: Int, by rumor: Rumor) {
        let known = peers[number].record
        let isNewLife =
            rumor.record.incarnation > known.incarnation || rumor.record.member != known.member
        peers.replaceRecord(of: number, by: rumor.record)
        effects.append(.recordChanged(rumor.record))
        spread(number)
        if isNewLife, peers[number].isInRing, peers[number].liveness != .alive { revive(number) }
        takeLiveness(of: number, from: rumor)
    }

    /// Liveness within one incarnation: it only grows.
    private func takeLiveness(of number: Int, from rumor: Rumor) {
        guard peers[number].isInRing else { return declareDead(number) }
        switch (peers[number].liveness, rumor.liveness) {
        case (_, .alive), (.dead, _): break
        case (.alive, .suspect), (.suspect, .suspect):
            if let accuser = rumor.accuser { takeAccusation(of: number, by: accuser) }
        case (.alive, .dead), (.suspect, .dead): declareDead(number)
        }
    }

    private func takeAccusation(of number: Int, by accuser: NodeID) {
        // What this node itself found, it knows best.
        guard accuser != peers.own.node else { return }
        let isNews = peers[number].liveness == .alive
        suspect(number, accuser: accuser, since: clock, firstSequence: lastSequence &+ 1)
        if isNews, Int.random(in: 0..<peers.inRingCount, using: &random) < settings.suspicionCheckers {
            order.hurry(number)
        }
    }

    /// - Parameters:
    ///   - start: since when the suspect is known to be silent.
    ///   - firstSequence: of the first ping whose answer would show that it is not.
    func suspect(_ number: Int, accuser: NodeID, since start: Instant, firstSequence: UInt32) {
        switch peers[number].liveness {
        case .alive:
            counters.suspicions += 1
            let suspicion = Suspicion(start: start, accuser: accuser, firstSequence: firstSequence)
            peers.setLiveness(of: number, to: .suspect, suspicion: suspicion)
            effects.append(.livenessChanged(peers[number].record.node, .suspect))
            spread(number)
        case .suspect:
            let isNew = peers.confirmSuspicion(
                of: number, by: accuser, countingUpTo: settings.suspicionConfirmations)
            if isNew { spread(number) }
        case .dead: break
        }
    }

    private func declareDead(_ number: Int) {
        guard peers[number].liveness != .dead else { return }
        counters.deaths += 1
        peers.setLiveness(of: number, to: .dead, deadSince: clock)
        effects.append(.livenessChanged(peers[number].record.node, .dead))
        spread(number)
    }

    private func revive(_ number: Int) {
        // Where one comes back there may be half a ring.
        if peers[number].liveness == .dead { exchangeSoon() }
        peers.setLiveness(of: number, to: .alive)
        effects.append(.livenessChanged(peers[number].record.node, .alive))
    }

    func expireSuspicions() {
        // Whoever else is alive might still come to the same suspicion.
        let confirmers = peers.aliveCount - 1
        for number in peers.suspects {
            guard let suspicion = peers[number].suspicion else { continue }
            let timeout = suspicion.timeout(
                settings: settings, nodes: peers.inRingCount, confirmers: confirmers)
            judge(number, suspicion, deadline: suspicion.start + timeout)
        }
    }

    private func judge(_ number: Int, _ suspicion: Suspicion, deadline: Instant) {
        // Twice the time that the answer has, so that it is there when the time is over.
        guard clock + settings.pingTimeout * 2 >= deadline else { return }
        if peers[number].lastAnswer > suspicion.start {
            peers.restartSuspicion(of: number, at: peers[number].lastAnswer)
        } else if let lastChance = suspicion.lastChance {
            if clock >= deadline, clock >= lastChance + settings.pingTimeout { declareDead(number) }
        } else {
            peers.noteLastChance(of: number, at: clock)
            send(.ping(sequence: nextSequence()), to: number)
        }
    }
}
