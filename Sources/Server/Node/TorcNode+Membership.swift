import Cluster
import Protocol
import Storage
import UV

/// Carries out what membership decides.
extension TorcNode {
    /// From now on this node is of `ring`, whose `records` it has heard.
    func enter(_ ringID: RingID, records: [RingRecord]) {
        do throws(DataFolderError) {
            try identity.join(ring: ringID)
            let known = records.first { $0.node == identity.node }
            try identity.raiseIncarnation(above: known?.incarnation ?? 0)
        } catch {
            return end(failing: error.message)
        }
        let own = RingRecord(
            member: identity.member, address: address, zone: options.zone, weight: UInt16(options.weight),
            incarnation: identity.incarnation, status: .active)
        let membership = Membership(record: own, ring: ringID, seed: .random(in: 0 ... .max), now: now)
        self.membership = membership
        ring.merge(own)
        membership.merge(records.filter { $0.node != identity.node }, now: now)
        isRingDirty = true
        phase = .catchingUp
        carryOutEffects()
        log.info("node \(identity.node) is in ring \(ringID) with \(ring.records.count - 1) other nodes")
    }

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
            if let target = book.first(of: address) { datagram.send(bytes, to: target) }
        case .livenessChanged(let node, let liveness):
            log.info("node \(node) is \(liveness.name)")
        case .recordChanged(let record):
            onRecord(record)
        case .askStreamProbe(let node):
            // Whoever is there says something on every link a few times a second.
            links.send(.keepAlive, to: node)
        case .pushPull(let node):
            links.send(.records(membership.exchangeOpening()), to: node)
        case .raiseIncarnation(let incarnation):
            raise(to: incarnation, membership)
        case .selfRefuted(let incarnation):
            log.info("others took this node for dead or suspect; it said no, as incarnation \(incarnation)")
        case .identityConflict(let record):
            onConflict(record)
        case .outdated:
            end(
                failing: "data folder \(identity.place) is an older copy of the one that the ring knows of "
                    + "\(identity.node); start with an empty -data folder")
        case .forgotten:
            guard phase != .left else { return }
            end(failing: "the ring has forgotten this node; start with an empty -data folder to join anew")
        }
    }

    private func onRecord(_ record: RingRecord) {
        let known = ring.record(of: record.node)
        guard ring.merge(record) else { return }
        isRingDirty = true
        guard record.node != identity.node else { return }
        if record.status == .gone {
            links.forget(record.node)
        } else {
            links.keep(record.node, at: record.address)
        }
        if known?.status != record.status || known?.member != record.member {
            log.info("node \(record.node) at \(record.address) is \(record.statusName) in the ring")
        }
    }

    private func raise(to incarnation: UInt64, _ membership: Membership) {
        do throws(DataFolderError) {
            try identity.raiseIncarnation(above: incarnation - 1)
        } catch {
            return end(failing: error.message)
        }
        membership.onIncarnationDurable(identity.incarnation, now: now)
    }

    private func onConflict(_ record: RingRecord) {
        let words = "id \(record.node) is in use by another node at \(record.address)"
        if phase == .catchingUp {
            end(failing: "\(words); choose another -id")
        } else {
            log.error("\(words): one of the two must be stopped")
        }
    }

    func evictTheLongDead() {
        guard let membership, phase == .ready || phase == .catchingUp else { return }
        for node in membership.evictionCandidates(now: now, after: options.evictAfter) {
            log.warning("node \(node) has been dead for \(options.evictAfter): its slots go to others")
            membership.evict(node, now: now)
        }
    }

    // MARK: What the ring knows

    func take(_ exchange: RecordExchange, from node: NodeID) {
        guard let membership else {
            return joined(by: exchange, from: node)
        }
        let answer = membership.onExchange(exchange, from: node, now: now)
        carryOutEffects()
        if membership.hasExchanged { hasExchanged = true }
        if let answer { links.send(.records(answer), to: node) }
    }

    /// The first word of the ring to a node that joins it: all that it knows.
    private func joined(by exchange: RecordExchange, from node: NodeID) {
        guard phase == .joining, let ringID = joiningRing, !exchange.rumors.isEmpty else { return }
        enter(ringID, records: exchange.rumors.map(\.record))
        guard let membership else { return }
        let others = exchange.rumors.filter { $0.node != identity.node }
        _ = membership.onExchange(.rumors(others), from: node, now: now)
        carryOutEffects()
        hasExchanged = true
        tellAll()
    }

    /// Has the table of targets follow the ring.
    func updateTargets() {
        guard ring.digest != targetsDigest, membership != nil else { return }
        targetsDigest = ring.digest
        let targets = Targets(ring: ring, replicas: options.replicas)
        log.debug("targets \(targets.ringDigest) of \(targets.members.count) nodes")
        replicator.onTargets(targets)
    }

    /// Keeps what is known of the ring in the store.
    func keepRing() {
        guard isRingDirty else { return }
        isRingDirty = false
        store.setMeta(.ring, to: RingMemory(replicas: options.replicas, records: ring.records).bytes)
        _ = store.commit(mustSync: false)
    }

    /// Nodes that take part, this one included.
    var activeCount: Int { ring.records.count { $0.status == .active } }
}
