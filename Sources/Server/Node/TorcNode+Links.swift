import Cluster
import Protocol
import UV

extension TorcNode: LinksOwner {
    var ownID: NodeID { identity.node }

    private var ownRecord: RingRecord {
        membership?.ownRecord
            ?? RingRecord(
                member: identity.member, address: address, zone: options.zone,
                weight: UInt16(options.weight), incarnation: identity.incarnation, status: .joining)
    }

    func hello(to node: NodeID?) -> Hello {
        Hello(ring: identity.ring, replicas: UInt8(options.replicas), record: ownRecord, dialled: node)
    }

    func judge(_ hello: Hello) -> Welcome {
        guard hello.record.member != identity.member else {
            return .refused(reason: HandshakeRules.itself, isFinal: false)
        }
        guard let ringID = identity.ring, let membership, phase != .left else {
            return .refused(reason: "it is in no ring yet", isFinal: false)
        }
        let rules = HandshakeRules(own: ownRecord, ring: ringID, replicas: options.replicas)
        let node = hello.record.node
        let known = membership.record(of: node).map { record in
            HandshakeRules.Acquaintance(
                record: record, liveness: membership.liveness(of: node) ?? .dead,
                isConnected: (links.silence(of: node) ?? .seconds(60)) < .seconds(1))
        }
        if let objection = rules.objection(to: hello, known: known) {
            return .refused(reason: objection.reason, isFinal: objection.isFinal)
        }
        return .accepted(ring: ringID, replicas: UInt8(options.replicas), record: ownRecord)
    }

    func objection(to ringID: RingID, replicas: UInt8, of record: RingRecord) -> String? {
        if let own = identity.ring ?? joiningRing, own != ringID {
            return "\(record.node) is of ring \(ringID), this node of ring \(own)"
        }
        if membership == nil { joiningRing = ringID }
        return nil
    }

    func linkOpened(with record: RingRecord) {
        let now = now
        log.debug("connected to \(record.node) at \(record.address)")
        if let membership {
            membership.merge([record], now: now)
            membership.onContact(record.node, now: now)
            carryOutEffects()
            // A node that joins knows nothing to compare.
            let isJoining = record.status == .joining
            let word = isJoining ? membership.exchangeOfAll() : membership.exchangeOpening()
            links.send(.records(word), to: record.node)
        }
        replicator.onSessionOpened(with: record.member, now: now)
        coordinator.onSessionOpened(with: record.node)
    }

    func linkClosed(with node: NodeID) {
        let now = now
        replicator.onSessionClosed(with: node, now: now)
        coordinator.onSessionClosed(with: node)
        membership?.onDisconnect(node, now: now)
        forgetStatusReports(of: node)
        if membership == nil { joiningRing = nil }
    }

    func connectionRefused(by node: NodeID) { replicator.onRefused(node, now: now) }

    func received(_ message: PeerMessage, from node: NodeID) {
        let now = now
        membership?.onContact(node, now: now)
        switch message {
        case .keepAlive: replicator.onSignOfLife(from: node, now: now)
        case .records(let exchange):
            replicator.onSignOfLife(from: node, now: now)
            take(exchange, from: node)
        case .statusRequest(let number):
            links.send(.statusReport(number: number, replicator.status()), to: node)
        case .statusReport(let number, let status): take(status, of: node, number: number)
        default: replicator.onMessage(message, from: node, now: now)
        }
    }

    func refused(by whom: String, because reason: String, isFinal: Bool) {
        if reason == HandshakeRules.itself {
            if let seed = NodeAddress(whom) { links.removeSeed(seed) }
        } else if isFinal, phase == .joining || phase == .catchingUp {
            end(failing: "\(whom) refused this node: \(reason)")
        } else {
            log.warning("\(whom) refused this node: \(reason)")
        }
    }
}
