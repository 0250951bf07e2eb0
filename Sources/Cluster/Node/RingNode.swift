import Protocol

/// A node of a ring, whole but for sockets, files and clocks: its host (`torc-node`, the simulator) gives it
/// what happens and does what it says. It owns no policy of its own: it wires membership, targets,
/// replication and coordination.
///
/// One turn: `onTime`, any number of other inputs, `endTurn`. That closes the turn's batch and lets out what
/// is durable; then the host writes what was said in the turn, once for each connection.
package final class RingNode {
    ///     joining ── the ring's records ──▶ catchingUp ── holds all its slots ──▶ ready
    ///        │ leave, stop                     └───────────┬────────────────────────┘
    ///        │                    leave: leaving ── no slot is left ──▶ left ──┐
    ///        │                    stop: stopping ── leads nothing ─────────────┤
    ///        └───────────────────────────▶ over ◀──────────────────────────────┘
    ///
    /// What makes it impossible to go on leads from each of them to *over*; a departure that is stuck, from
    /// *leaving* to *stopping*.
    package enum Phase { case joining, catchingUp, ready, leaving, left, stopping, over }

    package let settings: NodeSettings
    package let replicator: Replicator
    package let coordinator: Coordinator
    let store: any Store
    unowned let host: any NodeHost

    package internal(set) var phase = Phase.joining
    /// Of the process, once the node is over.
    package internal(set) var exitCode: Int32 = 0
    /// The ring that this node is of.
    package internal(set) var ringID: RingID?
    /// As its records carry it; durable.
    package internal(set) var incarnation: UInt64
    /// Nil until the node is of a ring.
    package internal(set) var membership: Membership?
    /// What the node knows of its ring.
    package internal(set) var ring = Ring()
    /// The nodes to which there is an open link, sorted.
    package internal(set) var linkedNodes: [NodeID] = []
    /// Hears what an operator's commands came to.
    package var onAdministered: (UInt64, AdministrationAnswer) -> Void = { _, _ in }
    /// Repairs that wait for other nodes.
    var inquiries: [RepairInquiry] = []
    /// The time of the present turn.
    package private(set) var now: Instant
    let membershipSeed: UInt64
    var isRingDirty = false
    /// Whose message was the last of this turn.
    var contacted: NodeID?
    private var isComputingTargets = false
    /// Whether what others know of the ring has been heard in this life.
    var hasExchanged = false
    /// What was noted last of who will not have this node.
    var lastRefusal: String?
    /// The ring whose records are awaited.
    var joiningRing: RingID?
    var departure: DepartureWatch?
    /// Whether another node has said that it knows that this one is out of the ring.
    var isFarewellHeard = false
    var nextReadinessCheck = Instant.zero
    /// Who wants to hear how this node is, and those for whom it is being found out.
    var statusTakers: [(NodeStatus) -> Void] = []
    var statusRound: (walk: StatusWalk, takers: [(NodeStatus) -> Void])?

    /// - Parameters:
    ///   - host: not kept alive by the node, and to outlive it.
    ///   - replies: kept alive by the node.
    ///   - ring: the ring that the data folder names; nil for a new one.
    ///   - incarnation: the highest that the data folder knows to have been used.
    ///   - seed: different for each node and start.
    ///   - origin: names this start of the node in request ids: random, never used before.
    package init(
        _ settings: NodeSettings, store: any Store, host: any NodeHost, replies: any Replies, ring: RingID?,
        incarnation: UInt64, seed: UInt64, origin: UInt64, now: Instant
    ) {
        self.settings = settings
        self.store = store
        self.host = host
        ringID = ring
        self.incarnation = incarnation
        self.now = now
        var seeds = Random(seed: seed)
        membershipSeed = seeds.next()
        let outbox = HostOutbox(host)
        replicator = Replicator(
            member: settings.member, store: store, outbox: outbox, settings: settings.replication,
            seed: seeds.next(), now: now)
        coordinator = Coordinator(replicator: replicator, outbox: outbox, replies: replies, origin: origin)
        replicator.notice = { [unowned host] in host.note($0) }
        replicator.isLost = { [unowned self] in isLost($0) }
    }

    var me: NodeID { settings.member.node }

    // MARK: Inputs

    /// What time it is: to be called before the other inputs of a turn.
    package func onTime(_ now: Instant, _ wallTime: Timestamp) {
        let slept = self.now == .zero ? .zero : now.since(self.now)
        self.now = max(self.now, now)
        contacted = nil
        replicator.onTime(now, wallTime)
        coordinator.onTime(slept: slept)
    }

    /// About every 50 ms.
    package func onTick() {
        replicator.onTick(now: now, wallTime: replicator.wallTime)
        coordinator.onTick()
        membership?.onTick(now: now)
        evictTheLongDead()
        expireInquiries()
        advanceLifecycle()
    }

    /// A datagram came.
    package func onPacket(_ bytes: [UInt8]) {
        contacted = nil
        membership?.onPacket(bytes, now: now)
    }

    /// The store's durable ticket may have moved.
    package func onDurable() { replicator.onDurable() }

    /// What the host was asked to compute. The ring may have changed meanwhile: the table counts until the next is there, so
    /// that a ring that goes on changing is followed all the same.
    package func onTargets(_ targets: Targets) {
        isComputingTargets = false
        replicator.onTargets(targets)
    }

    /// A client's request; `token` is answered once, through `replies`.
    /// - Parameter slot: nil: that of `key`.
    package func submit(
        _ operation: Operation, key: [UInt8], slot: Slot? = nil, consistency: Consistency, token: UInt64,
        request: ClientRequest? = nil
    ) {
        coordinator.submit(
            operation, key: key, slot: slot, consistency: consistency, token: token, request: request)
    }

    /// These requests will come in a moment: what can be done now to be quicker then.
    package func expect(_ requests: UnsafeBufferPointer<RequestView>) { replicator.expect(requests) }

    /// Carries requests out, one behind the other, as long as each is a GET or a SET for which nobody has to be asked or
    /// waited for. `unsettled` says when their answers may leave.
    /// - Parameter answer: is told what each came to; returns whether it takes more.
    /// - Returns: how many were carried out; the next one, if `answer` takes more, is to be submitted.
    package func carryOutAtOnce(_ requests: UnsafeBufferPointer<RequestView>, _ answer: (AnswerView) -> Bool) -> Int {
        coordinator.carryOutAtOnce(requests, answer)
    }

    /// As `carryOutAtOnce`, of GETs at the primary: what `answer` is told counts when `Replies.confirm` says so. Where
    /// `Replies.complete` is called instead, for each of them, it does not.
    /// - Parameter token: of the first; those of the others follow.
    package func readTogether(
        _ requests: UnsafeBufferPointer<RequestView>, token: UInt64, _ answer: (AnswerView) -> Bool
    ) -> Int { coordinator.readTogether(requests, token: token, answer) }

    // MARK: The end of a turn

    /// After a turn: the batch that must be durable before what clients were answered in it may leave; nil: it may now.
    package var unsettled: Ticket? { replicator.unsettled }

    /// When the node wants a turn though nothing happens before; nil: it wants none.
    package var nextTurnAt: Instant? {
        guard phase != .over else { return nil }
        return statusRound != nil || !statusTakers.isEmpty ? now : replicator.nextTurnAt
    }

    /// Closes the turn. What the host was given to send in it is complete now.
    package func endTurn() {
        guard phase != .over else { return }
        carryOutEffects()
        guard phase != .over else { return }
        updateTargets()
        answerStatus()
        replicator.endTurn()
        repeat {
            coordinator.onTurn()
            replicator.finishTurn()
        } while !replicator.reconfigured.isEmpty
        keepRing()
        if let failure = replicator.failure ?? store.failure { end(failing: failure.message) }
    }

    /// Has the table of targets follow the ring.
    private func updateTargets() {
        guard membership != nil, !isComputingTargets, replicator.targets.ringDigest != ring.digest else { return }
        isComputingTargets = true
        host.computeTargets(of: ring, replicas: settings.replicas)
    }

    /// Keeps what is known of the ring in the store.
    private func keepRing() {
        guard isRingDirty else { return }
        isRingDirty = false
        store.setMeta(.ring, to: RingMemory(replicas: settings.replicas, records: ring.records).bytes)
        _ = store.commit(mustSync: false)
    }
}

/// Replication and coordinator speak through the host without keeping it alive: it is what keeps the node.
private final class HostOutbox: Outbox {
    private unowned let host: any NodeHost
    init(_ host: any NodeHost) { self.host = host }
    func send(_ message: PeerMessage, to node: NodeID) { host.send(message, to: node) }
    func unsentBytes(to node: NodeID) -> Int { host.unsentBytes(to: node) }
}
