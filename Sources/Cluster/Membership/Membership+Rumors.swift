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
        // Each teller names one of the accusers, so that all of them get around.
        return Rumor(
            record: peer.record, liveness: peer.liveness,
            accuser: peer.suspicion?.accusers.randomElement(using: &random))
    }

    private func adopt(_ rumor: Rumor) {
        let number = peers.append(rumor.record)
        order.insert(number, random: &random)
        effects.append(.recordChanged(rumor.record))
        spread(number)
        takeLiveness(of: number, from: rumor)
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
            if let accuser = rumor.accuser { suspect(number, accuser: accuser) }
        case (.alive, .dead), (.suspect, .dead): declareDead(number)
        }
    }

    func suspect(_ number: Int, accuser: NodeID) {
        switch peers[number].liveness {
        case .alive:
            counters.suspicions += 1
            peers.setLiveness(
                of: number, to: .suspect, suspicion: Suspicion(start: clock, accuser: accuser))
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
            guard clock >= suspicion.start + timeout else { continue }
            if peers[number].lastAnswer > suspicion.start {
                peers.restartSuspicion(of: number, at: clock)
            } else {
                declareDead(number)
            }
        }
    }
}
