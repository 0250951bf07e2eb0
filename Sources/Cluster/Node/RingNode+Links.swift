import Protocol

/// Connections to other nodes, from the handshake on. Of each pair of nodes at most one is open at a time;
/// which of two that cross is kept is for the host to say.
extension RingNode {
    /// Who has said nothing for so long may be gone.
    private static let silenceMax = Duration.seconds(1)

    /// How this node introduces itself where it dials.
    /// - Parameter node: who is expected there; nil: whoever answers.
    package func hello(to node: NodeID?) -> Hello {
        Hello(
            ring: ringID, replicas: UInt8(clamping: settings.replicas), record: presentRecord, dialled: node)
    }

    /// What this node answers to an introduction.
    package func judge(_ hello: Hello) -> Welcome {
        guard hello.record.member != settings.member else {
            return .refused(reason: HandshakeRules.itself, isFinal: false)
        }
        guard let ringID, let membership, phase != .left else {
            return .refused(reason: "it is in no ring yet", isFinal: false)
        }
        let rules = HandshakeRules(own: presentRecord, ring: ringID, replicas: settings.replicas)
        let node = hello.record.node
        let known = membership.record(of: node).map { record in
            HandshakeRules.Acquaintance(
                record: record, liveness: membership.liveness(of: node) ?? .dead,
                isConnected: replicator.silence(of: node).map { $0 < RingNode.silenceMax } ?? false)
        }
        if let objection = rules.objection(to: hello, known: known) {
            return .refused(reason: objection.reason, isFinal: objection.isFinal)
        }
        return .accepted(
            ring: ringID, replicas: UInt8(clamping: settings.replicas), record: presentRecord)
    }

    /// Why this node does not want a connection that the other side has accepted; nil: it does.
    package func objection(to ring: RingID, replicas: UInt8, of record: RingRecord) -> String? {
        if let own = ringID ?? joiningRing, own != ring {
            return "\(record.node) is of ring \(ring), this node of ring \(own)"
        }
        if membership == nil { joiningRing = ring }
        return nil
    }

    private var presentRecord: RingRecord { membership?.ownRecord ?? record(status: .joining) }

    // MARK: Open links

    /// A handshake succeeded: the link to the node of `record` carries messages from now on.
    package func onLinkOpened(with record: RingRecord) {
        noteLink(to: record.node)
        if let membership {
            membership.merge([record], now: now)
            membership.onContact(record.node, now: now)
            carryOutEffects()
            // A node that joins knows nothing to compare.
            let isJoining = record.status == .joining
            let word = isJoining ? membership.exchangeOfAll() : membership.exchangeOpening()
            send(.records(word), to: record.node)
        }
        replicator.onSessionOpened(with: record.member, now: now)
        coordinator.onSessionOpened(with: record.node)
    }

    /// The open link to `node` ended.
    package func onLinkClosed(with node: NodeID) {
        linkedNodes.removeAll { $0 == node }
        replicator.onSessionClosed(with: node, now: now)
        coordinator.onSessionClosed(with: node)
        membership?.onDisconnect(node, now: now)
        if membership == nil { joiningRing = nil }
    }

    /// Nobody accepts connections where `node` should be.
    package func onLinkRefused(by node: NodeID) { replicator.onRefused(node, now: now) }

    /// The other side will not have this node.
    /// - Parameters:
    ///   - whom: its id or address, for the operator.
    ///   - reason: its words.
    ///   - isFinal: trying again will not help.
    ///   - incarnation: with which this node introduced itself.
    package func onRefusal(
        by whom: String, because reason: String, isFinal: Bool, introducedAs incarnation: UInt64
    ) {
        // It may have joined, or refuted its death, since it introduced itself, and the other side have heard of
        // that first: then it was taken for an older copy of itself, and is judged anew when it dials again.
        guard incarnation == presentRecord.incarnation else { return }
        // Who dials itself has a seed too many, and nothing else.
        guard reason != HandshakeRules.itself else { return }
        let words = "\(whom) refused this node: \(reason)"
        if isFinal, phase == .joining || phase == .catchingUp {
            end(failing: words)
        } else if words != lastRefusal {
            lastRefusal = words
            host.note(.warning(words))
        }
    }

    /// A message on the open link to `node`. Reports of status are for the host that asked for them.
    package func onMessage(_ message: PeerMessage, from node: NodeID) {
        noteContact(node)
        switch message {
        case .keepAlive, .statusReport: replicator.onSignOfLife(from: node, now: now)
        case .statusRequest(let number):
            replicator.onSignOfLife(from: node, now: now)
            requestStatus { [unowned self] in send(.statusReport(number: number, $0), to: node) }
        case .repairQuery(let number):
            replicator.onSignOfLife(from: node, now: now)
            send(.repairReport(number: number, repairReport()), to: node)
        case .repairReport(let number, let report):
            replicator.onSignOfLife(from: node, now: now)
            take(report, from: node, number: number)
        case .farewell:
            replicator.onSignOfLife(from: node, now: now)
            if ring.record(of: node)?.status == .gone { send(.farewellHeard, to: node) }
        case .farewellHeard:
            replicator.onSignOfLife(from: node, now: now)
            isFarewellHeard = true
        case .records(let exchange):
            replicator.onSignOfLife(from: node, now: now)
            take(exchange, from: node)
        default: replicator.onMessage(message, from: node, now: now)
        }
    }

    /// Once a turn says it all.
    private func noteContact(_ node: NodeID) {
        guard contacted != node else { return }
        contacted = node
        membership?.onContact(node, now: now)
    }

    func send(_ message: PeerMessage, to node: NodeID) {
        if linkedNodes.contains(node) { host.send(message, to: node) }
    }

    /// Everybody is to hear at once what this node has become.
    func tellAll() {
        guard let membership else { return }
        for node in linkedNodes { send(.records(membership.exchangeOfOwn()), to: node) }
    }

    private func noteLink(to node: NodeID) {
        guard !linkedNodes.contains(node) else { return }
        linkedNodes.insert(node, at: linkedNodes.firstIndex { node < $0 } ?? linkedNodes.endIndex)
    }
}
