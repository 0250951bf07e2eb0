import Protocol

/// Connections to other nodes, and what is exchanged when one opens.
extension Replicator {
    /// A connection to `member` is ready for messages. One that was open before is closed by that.
    package func onSessionOpened(with member: Member, now: Instant) {
        self.now = max(self.now, now)
        if peers[member.node]?.isConnected == true { onSessionClosed(with: member.node, now: now) }
        let peer = knownPeer(member.node)
        sessionCounter += 1
        peer.member = member
        peer.session = sessionCounter
        connectedCount += 1
        peer.hear(now: self.now)
        peer.refusedSince = nil
        peer.isStopping = false
        peer.requestedRound = 0
        if !has(.countEarlierConnections) { peer.confirmedRound = 0 }
        if suspicions[member] != nil { suspicions[member] = nil }
        if isStopping { send(.stopping, to: member.node) }
        sendDigests(to: member.node)
        for replica in configuredReplicas where concerns(replica, member) {
            if replica.configuration?.primary == member { introductions.insert(replica.slot) }
            reviews.insert(replica.slot)
            if replica.isSealed || replica.mustReopen || replica.pull != nil { attend(replica) }
        }
    }

    /// Tells the primary of a slot where this node stands, if a connection to it has opened since.
    func introduce(_ slot: Slot) {
        guard introductions.contains(slot) else { return }
        introductions.remove(slot)
        if replica(slot).isComplete { declare(replica(slot)) }
    }

    /// The connection to `node` broke. Whether the node is gone is another question: `onRefused`.
    package func onSessionClosed(with node: NodeID, now: Instant) {
        self.now = max(self.now, now)
        guard let peer = peers[node], peer.isConnected else { return }
        peer.closeSession()
        connectedCount -= 1
        forgetFetches(of: node)
        for replica in configuredReplicas {
            if let leadership = replica.leadership {
                for flow in leadership.flows where flow.member.node == node {
                    if !has(.countEarlierConnections) { flow.reset() }
                    replica.unsettle()
                }
                if leadership.phase == .open { reviews.insert(replica.slot) } else { attend(replica) }
            }
            if let pull = replica.pull, pull.source.node == node { endPull(of: replica) }
        }
    }

    /// The node cannot be reached: nobody accepts a connection there.
    package func onRefused(_ node: NodeID, now: Instant) {
        self.now = max(self.now, now)
        let peer = knownPeer(node)
        guard !peer.isConnected, peer.refusedSince == nil else { return }
        peer.refusedSince = self.now
        mustWatch = true
    }

    /// The number of the open connection to `node`; nil: there is none.
    package func session(with node: NodeID) -> UInt64? {
        guard let peer = peers[node], peer.isConnected else { return nil }
        return peer.session
    }

    /// How long the other end of the open connection to `node` has said nothing; nil: there is none.
    package func silence(of node: NodeID) -> Duration? {
        peers[node].flatMap { $0.isConnected ? now.since($0.lastWord) : nil }
    }

    func isReachable(_ member: Member) -> Bool {
        if member == me { return true }
        guard let peer = peers[member.node] else { return false }
        return peer.isConnected && peer.member == member
    }

    /// Reachable and heard of within `failoverAfter`.
    func isAlive(_ member: Member) -> Bool {
        if member == me { return true }
        guard isReachable(member), let peer = peers[member.node] else { return false }
        return now.since(peer.lastHeard) < settings.failoverAfter
    }

    func flow(to member: Member, isMember: Bool) -> Flow {
        Flow(to: member, knownPeer(member.node), isMember: isMember)
    }

    func knownPeer(_ node: NodeID) -> PeerConnection {
        if let peer = peers[node] { return peer }
        // Somebody else may have a part in the slots from now on.
        writeLateProgress()
        let peer = PeerConnection(lastHeard: startedAt)
        peers[node] = peer
        peerOrder.append(node)
        peerOrder.sort()
        return peer
    }

    var connectedPeers: [NodeID] { peerOrder.filter { peers[$0]?.isConnected == true } }

    func randomConnectedPeer() -> NodeID? { connectedPeers.randomElement(using: &random) }

    private func concerns(_ replica: Replica, _ member: Member) -> Bool {
        replica.leadership != nil || replica.mustReopen || replica.pull != nil || replica.isSealed
            || replica.configuration?.members.contains(member) == true
    }

    // MARK: Messages

    /// A message from the node at the other end of its connection.
    package func onMessage(_ message: PeerMessage, from node: NodeID, now: Instant) {
        self.now = max(self.now, now)
        guard let peer = peers[node], peer.isConnected, let member = peer.member else { return }
        peer.hear(now: self.now)
        handle(message, from: node, member: member)
    }

    /// Something that is no message was heard on the connection to `node`.
    package func onSignOfLife(from node: NodeID, now: Instant) {
        self.now = max(self.now, now)
        guard let peer = peers[node], peer.isConnected else { return }
        peer.hear(now: self.now)
    }

    func handle(_ message: PeerMessage, from node: NodeID, member: Member) {
        switch message {
        case .configurationDigests(let digests): onDigests(digests, from: node)
        case .configurations(let list): onConfigurations(list, from: node)
        case .append(let list): forEachAhead(list) { onAppend($0, from: member) }
        case .memberState(let state): onMemberState(state, from: member)
        case .stopping: peers[node]?.isStopping = true
        case .acknowledge(let list): forEachAhead(list) { onAcknowledge($0, from: member) }
        case .confirmRequest(let round): send(.confirmation(round: round), to: node)
        case .confirmation(let round): onConfirmation(round, from: node)
        case .poll(let suspect): onPoll(about: suspect, from: node)
        case .pollAnswer(let suspect, let heard): onPollAnswer(suspect, heard: heard, from: node)
        case .awaited(let slots): onAwaited(slots)
        case .prepare(let prepare): onPrepare(prepare, from: node)
        case .promise(let promise): onPromise(promise, from: member)
        case .accept(let accept): onAccept(accept, from: node)
        case .accepted(let accepted): onAccepted(accepted, from: member)
        case .rejected(let rejection): onRejection(rejection)
        case .learn(let invitation): onLearn(invitation, from: node)
        case .fetch(let fetch): onFetch(fetch, from: member)
        case .supply(let supply): onSupply(supply, from: member)
        case .vouch(let vouch): onVouch(vouch, from: member)
        case .verdict(let vouch): onVerdict(vouch, from: member)
        case .doubt(let slot): onDoubt(slot)
        case .mend(let item): onMend(item.slot, epoch: item.epoch, from: member)
        case .dropQuery(let query): onDropQuery(query, from: member)
        case .dropGranted(let item): onDropGranted(item, from: member)
        case .dropDelayed(let delay): onDropDelayed(delay, from: member)
        case .request(let request): onForwarded(request, from: node)
        case .response(let response): deliver(response, node)
        case .repair(let orders): onRepair(orders)
        case .keepAlive, .records, .farewell, .farewellHeard, .statusRequest, .statusReport, .repairQuery, .repairReport:
            break
        }
    }

    // MARK: Spreading configurations

    private static let groupSize = 256

    func sendDigests(to node: NodeID) {
        send(.configurationDigests(epochDigests()), to: node)
    }

    func epochDigests() -> [UInt64] {
        var digests = [UInt64](repeating: 0, count: Slot.count / Self.groupSize)
        for replica in configuredReplicas {
            let group = replica.slot.index / Self.groupSize
            // FNV-1a over slots and epochs: equal exactly when, but for chance, all epochs are equal.
            let word = UInt64(replica.slot.rawValue) << 32 | UInt64(replica.epoch)
            digests[group] = (digests[group] ^ word) &* 0x100_0000_01B3 &+ 1
        }
        return digests
    }

    private func onDigests(_ digests: [UInt64], from node: NodeID) {
        let own = epochDigests()
        guard digests.count == own.count else { return }
        for group in own.indices where own[group] != digests[group] {
            let slots = (group * Self.groupSize)..<((group + 1) * Self.groupSize)
            let known = slots.compactMap(Slot.init).filter(configured.contains).compactMap { slot in
                replica(slot).configuration.map { SlotConfiguration(slot: slot, configuration: $0) }
            }
            // Where ours are the older ones the answer brings the later; of slots that only the other side
            // knows we hear when it gets our digests.
            if !known.isEmpty { send(.configurations(known), to: node) }
        }
    }

    private func onConfigurations(_ list: [SlotConfiguration], from node: NodeID) {
        var later: [SlotConfiguration] = []
        for item in list {
            let known = replica(item.slot)
            if let configuration = known.configuration, configuration.epoch > item.configuration.epoch {
                later.append(SlotConfiguration(slot: item.slot, configuration: configuration))
            } else if known.epoch < item.configuration.epoch {
                adopt(item.configuration, of: known)
            } else if item.configuration.primary.node == node, known.isComplete {
                declare(known)
            }
        }
        if !later.isEmpty { send(.configurations(later), to: node) }
    }

    /// The other side named `epoch`, which is not ours: whoever is behind is told.
    func reconcile(_ replica: Replica, epoch: Epoch, with node: NodeID) {
        guard epoch != replica.epoch, let configuration = replica.configuration else { return }
        // Where ours is the older one the answer brings the later one.
        send(
            .configurations([SlotConfiguration(slot: replica.slot, configuration: configuration)]),
            to: node)
    }

    /// Tells everybody, with all else that is decided in this turn.
    func spread(_ configuration: Configuration, of slot: Slot) {
        news.append(SlotConfiguration(slot: slot, configuration: configuration))
    }

    func sendNews() {
        guard !news.isEmpty else { return }
        let nodes = connectedPeers
        var rest = news[...]
        while !rest.isEmpty {
            let message = PeerMessage.configurations(Array(rest.prefix(Self.newsMax)))
            for node in nodes { send(message, to: node) }
            rest = rest.dropFirst(Self.newsMax)
        }
        news.removeAll(keepingCapacity: true)
    }

    private static let newsMax = 4_096
}
