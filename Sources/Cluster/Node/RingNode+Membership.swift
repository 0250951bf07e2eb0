import Protocol

/// Carries out what membership decides.
extension RingNode {
    func carryOutEffects() {
        guard let membership else { return }
        while true {
            let effects = membership.drainEffects()
            guard !effects.isEmpty else { return }
            for effect in effects { carryOut(effect, membership) }
        }
    }

    private func carryOut(_ effect: MembershipEffect, _ membership: Membership) {
        switch effect {
        case .send(let bytes, _, let address):
            host.sendPacket(bytes, to: address)
        case .livenessChanged(let node, let liveness):
            host.note(.info("node \(node) is \(liveness.name)"))
        case .recordChanged(let record):
            onRecord(record)
        case .askStreamProbe(let node):
            // Whoever is there says something on every link a few times a second.
            send(.keepAlive, to: node)
        case .pushPull(let node):
            send(.records(membership.exchangeOpening()), to: node)
        case .raiseIncarnation(let incarnation):
            raise(to: incarnation, membership)
        case .selfRefuted(let incarnation):
            host.note(
                .info("others took this node for dead or suspect; it said no, as incarnation \(incarnation)"))
        case .identityConflict(let record):
            onConflict(record)
        case .outdated:
            end(
                failing: "data folder \(settings.place) is an older copy of the one that the ring knows of "
                    + "\(me); start with an empty -data folder")
        case .forgotten:
            guard phase != .left else { return }
            end(failing: "the ring has forgotten this node; start with an empty -data folder to join anew")
        }
    }

    private func onRecord(_ record: RingRecord) {
        let known = ring.record(of: record.node)
        guard ring.merge(record) else { return }
        isRingDirty = true
        // Nobody is left to hear anything from.
        if record.status == .gone, isAlone { hasExchanged = true }
        guard record.node != me else { return }
        if record.status == .gone {
            host.forgetLink(to: record.node)
        } else {
            host.keepLink(to: record.node, at: record.address)
        }
        if known?.status != record.status || known?.member != record.member {
            host.note(
                .info("node \(record.node) at \(record.address) is \(record.statusName) in the ring"))
        }
    }

    private func raise(to wanted: UInt64, _ membership: Membership) {
        guard let ringID, raiseIncarnation(above: wanted - 1, in: ringID) else { return }
        membership.onIncarnationDurable(incarnation, now: now)
    }

    private func onConflict(_ record: RingRecord) {
        let words = "id \(record.node) is in use by another node at \(record.address)"
        if phase == .catchingUp {
            end(failing: "\(words); choose another -id")
        } else {
            host.note(.error("\(words): one of the two must be stopped"))
        }
    }

    private var isAlone: Bool { ring.records.allSatisfy { $0.node == me || $0.status == .gone } }

    // MARK: Decisions about other nodes

    func evictTheLongDead() {
        guard let membership, phase == .ready || phase == .catchingUp else { return }
        for node in membership.evictionCandidates(now: now, after: settings.evictAfter) {
            host.note(
                .warning("node \(node) has been dead for \(settings.evictAfter): its slots go to others"))
            membership.evict(node, now: now)
        }
    }

    /// Puts the disk of `node` out of the ring for ever.
    package func forget(_ node: NodeID) {
        membership?.forget(node, now: now)
        carryOutEffects()
    }

    /// Whether the disk of `member` is out of the ring for ever, or another one in its place.
    func isLost(_ member: Member) -> Bool {
        guard let record = ring.record(of: member.node) else { return false }
        return record.status == .gone || record.member != member
    }

    // MARK: Exchanges

    func take(_ exchange: RecordExchange, from node: NodeID) {
        guard let membership else { return join(by: exchange, from: node) }
        let answer = membership.onExchange(exchange, from: node, now: now)
        carryOutEffects()
        if membership.hasExchanged { hasExchanged = true }
        if let answer { send(.records(answer), to: node) }
    }
}
