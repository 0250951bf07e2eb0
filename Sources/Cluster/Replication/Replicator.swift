import Protocol

/// Everything that a node decides about its slots: replication, reads, change of hands, sync.
///
/// Sans-I/O: it is told what happened (`on…`), with the time, and acts through the store, the outbox and
/// the replies that it was handed. One turn is any number of inputs followed by `endTurn`, which closes
/// the turn's batch and lets out what had to wait for earlier ones to be durable.
///
/// Invariants over all slots:
/// - what vouches for data (acknowledgement, promise, acceptance, declaration) leaves only after that data
///   and the vow itself are durable;
/// - a seal is told to the primary on every connection before the promise leaves.
package final class Replicator {
    package let me: Member
    package let settings: ReplicatorSettings
    let store: any Store
    let outbox: any Outbox
    package internal(set) var random: Random
    /// Says what an operator should know.
    package var notice: (Notice) -> Void = { _ in }
    /// Whether the ring holds that member for lost: its disk is out of the ring, or another is in its place.
    package var isLost: (Member) -> Bool = { _ in false }
    /// Hands a result to this node's coordinator.
    var deliver: (ForwardedResponse, NodeID) -> Void = { _, _ in }
    /// The same of a group.
    var deliverGroup: (ReadGroup, ReadGroup.End) -> Void = { _, _ in }

    /// By slot; made when something is first heard or asked of it.
    private(set) var replicasBySlot: [Replica?] = Array(repeating: nil, count: Slot.count)
    /// What all of them add up to.
    package let census = SlotCensus()
    var memberLists = MemberLists()
    /// Slots of which a configuration is known: all of them, soon after the start.
    var configured = SlotSet()
    package internal(set) var targets: Targets
    var peers = NodeTable<PeerConnection>()
    /// Those with something to be sent together.
    var streaming: [PeerConnection] = []
    var acknowledging: [PeerConnection] = []
    /// Peers in a fixed order, for every decision that walks over them.
    var peerOrder: [NodeID] = []
    var sessionCounter: UInt64 = 0
    var connectedCount = 0
    var suspicions: [Member: PrimarySuspicion] = [:]

    package internal(set) var now = Instant.zero
    package internal(set) var wallTime = Timestamp(milliseconds: 0)
    let startedAt: Instant
    var lastTick: Instant
    var nextDigestAt: Instant
    var nextWatchAt = Instant.zero
    /// Whether something was heard since that may lead to a takeover.
    var mustWatch = false
    /// Who leads which slots, as far as it is known here.
    var led = LeadIndex()

    /// Slots that wait for time to pass, looked at in every tick.
    var agenda = SlotSet()
    /// Slots to which something happened, looked at before the turn ends.
    var attention = SlotSet()
    /// Slots that are to be looked at soon, some in each turn: all at once would hold up the clients.
    var reviews = SlotSet()
    /// Of these, those whose primary is to hear where this node stands: a connection to it has opened.
    var introductions = SlotSet()
    /// Of `reviews`, how many may still be looked at in this turn.
    var reviewsLeft = 0
    /// Slots whose streams have something to say at the end of the turn.
    var dirty = SlotSet()
    /// Slots with commits that the members have not heard of. They do with the next write, once all of them that are
    /// complete have what is committed, or in the next tick.
    var untold = SlotSet()
    var dirtyProgress: [Replica] = []
    /// Those whose progress is written some time later, in the order in which they changed.
    var lateProgress: [Replica] = []
    var dirtyRecords: [Replica] = []
    /// Configurations decided in this turn, for everybody.
    var news: [SlotConfiguration] = []
    /// Slots that this node came to lead in this turn by a decision of another one.
    var newlyLed = SlotSet()
    /// Slots of which the primary is to hear in this turn, once it knows that it is that, where this node stands.
    var undeclared = SlotSet()
    /// Slots whose configuration changed in this turn, for the coordinator.
    package internal(set) var reconfigured = SlotSet()
    var reads = RoundQueue<WaitingRead>()
    var readGroups = RoundQueue<ReadGroup>()
    /// For this node's coordinator.
    var endedReadGroups: [(ReadGroup, ReadGroup.End)] = []
    /// The round of confirmations that was asked for last, and the last one that somebody has confirmed.
    var readRound: UInt64 = 0
    var heardRound: UInt64 = 0
    /// Whom the next round is to be asked of.
    var wanted: [PeerConnection] = []
    var hasUnaskedReads = false
    /// Something that reads wait for may have happened.
    var readsAreDue = false
    /// Slots that this node takes a copy of at the moment, at most `pullsMax`.
    var pulling = SlotSet()
    var fetchNumber: UInt64 = 0
    var closingUnderWay = 0
    var handOverTimes = HandOverTimes()
    /// When slots are closed for planned changes, and when copies are begun that this node does not need as a member.
    var closings: Batches
    var lessons: Batches
    var proposalsUnderWay = 0
    /// The slot that `sweep` looked at last.
    var sweepCursor = 0
    /// Slots that this node leads and that have expired entries, in the order in which that was seen.
    var expiring: [Slot] = []
    /// The slot that `noticeExpired` looked at last.
    var expiryCursor = 0
    /// Slots that wait for one of the places of `proposalsMax`, `pullsMax` and `closingMax`.
    var waitingProposals = SlotSet()
    var waitingPulls = RiskQueue()
    /// Of those that wait for `pullsMax`, slots in which this node is no member yet: they also wait for `lessons`.
    var waitingLessons = RiskQueue()
    var waitingFetches: [WaitingFetch] = []
    /// How fast tables are supplied to others, in bytes.
    var transfer: TokenBucket
    var waitingClosings = SlotSet()
    /// Copies that are to be given up, once their primaries say so.
    var surplus = SlotQueue()
    /// Slots closed to shrink, until those that stay have said a word; and whom to ask for it in this turn.
    var unheard = SlotSet()
    var mustHear: Set<NodeID> = []

    /// Changes of hands that may still begin in this turn.
    var startsLeft = 0
    /// Slots for whose primary somebody waits, and those of them that others are to be told of.
    var awaited = SlotSet()
    var awaitedElsewhere: [NodeID: [Slot]] = [:]

    var mustSync = false
    var hasChanges = false
    /// What went past the log and is not known to be durable; and what waits for it to be that.
    var passing = Passing.nothing
    var heldMessages: [(message: PeerMessage, node: NodeID, session: UInt64)] = []
    var heldSince = Instant.zero
    var hasWarnedOfStall = false
    var turn: [Deferred] = []
    var inFlight: [(ticket: Ticket, effects: [Deferred])] = []
    /// Messages and answers to this node itself, handled before the turn ends and never inside another input.
    var loopback: [PeerMessage] = []
    var answers: [ForwardedResponse] = []
    var backlog = Backlog()
    package internal(set) var syncCounters = SyncCounters()
    var reportedSync = SyncCounters()
    /// What the scrub may read, in bytes; where it is; when it begins anew; what it looks at first.
    var scrubCredit = 0
    var scrubCursor = 0
    var nextScrubAt: Instant
    var hurriedScrubs = SlotSet()
    /// Set once the store failed: nothing is acknowledged any more.
    package internal(set) var failure: StoreError?
    /// A primary that is about to stop gives its role away.
    package internal(set) var isStopping = false

    package init(
        member: Member, store: any Store, outbox: any Outbox, settings: ReplicatorSettings,
        seed: UInt64, now: Instant
    ) {
        me = member
        self.store = store
        self.outbox = outbox
        self.settings = settings
        random = Random(seed: seed)
        targets = Targets(ring: Ring(), replicas: 1)
        self.now = now
        startedAt = now
        lastTick = now
        nextDigestAt = now
        startsLeft = settings.startsPerTurnMax
        reviewsLeft = settings.reviewsPerTurnMax
        transfer = TokenBucket(rate: settings.transferRate, capacity: .milliseconds(100), now: now)
        closings = Batches(size: settings.closingMax, rate: settings.changeRate)
        lessons = Batches(size: settings.pullsMax, rate: settings.changeRate, span: settings.learningTime)
        nextScrubAt = now + settings.scrubInterval
    }

    package func replica(_ slot: Slot) -> Replica {
        if let known = replicasBySlot[slot.index] { return known }
        let new = Replica(slot: slot, node: census)
        replicasBySlot[slot.index] = new
        return new
    }

    /// Of every slot of which anything was heard, in order.
    package var replicas: some Sequence<Replica> { replicasBySlot.lazy.compactMap(\.self) }

    var configuredReplicas: some Sequence<Replica> { configured.lazy.map { [self] in replica($0) } }

    /// Whether this node has a complete copy of a slot that may be read.
    package func isTrusted(_ slot: Slot) -> Bool { replica(slot).isTrusted }

    package func configuration(of slot: Slot) -> Configuration? { replica(slot).configuration }

    /// The coordinator has seen what changed.
    func forgetReconfigured() { reconfigured = SlotSet() }

    // MARK: Time

    /// To be called about every 50 ms.
    package func onTick(now: Instant, wallTime: Timestamp) {
        onTime(now, wallTime)
        noticeOwnPause()
        for slot in agenda.take() { step(replica(slot)) }
        if !untold.isEmpty { dirty.formUnion(untold) }
        askForDrops()
        sweep()
        removeExpired()
        writeSomeProgress()
        scrubSome()
        reportSync()
        reportHandOvers(quietFor: .seconds(1))
        expireReads()
        tellWaiting()
        warnOfStall()
        watchPrimaries()
        if now >= nextDigestAt {
            nextDigestAt = now + settings.digestInterval
            if let peer = randomConnectedPeer() { sendDigests(to: peer) }
        }
        lastTick = now
    }

    /// To be called before other inputs of a turn.
    package func onTime(_ now: Instant, _ wallTime: Timestamp) {
        self.now = max(self.now, now)
        self.wallTime = wallTime
    }

    /// Who was not running heard nobody: that is no sign that the others are gone.
    private func noticeOwnPause() {
        guard now.since(lastTick) > settings.failoverAfter / 2 else { return }
        for node in peerOrder where peers[node]?.isConnected == true { peers[node]?.lastHeard = now }
        suspicions.removeAll()
    }

    // MARK: Saying and saving

    func attend(_ replica: Replica) { attention.insert(replica.slot) }

    func send(_ message: PeerMessage, to node: NodeID) {
        if node == me.node { return loopback.append(message) }
        if !acknowledging.isEmpty, let peer = peers[node] { acknowledge(peer, before: message) }
        transmit(message, to: node)
    }

    /// Over the connection to another node, if there is one.
    func transmit(_ message: PeerMessage, to node: NodeID) {
        guard let session = session(with: node) else { return }
        if case .nothing = passing { return outbox.send(message, to: node) }
        heldMessages.append((message, node, session))
    }

    /// Sends `message` once all changes made so far are durable, on the present connection or not at all.
    func sendDurably(_ message: PeerMessage, to node: NodeID) {
        if has(.promiseBeforeDurable) { return send(message, to: node) }
        turn.append(.send(message, to: node, session: peers[node]?.session ?? 0))
    }

    /// Writes the slot's record, as it is at the end of the turn.
    func saveRecord(of replica: Replica) {
        mustSync = true
        guard !replica.isRecordDirty else { return }
        replica.isRecordDirty = true
        dirtyRecords.append(replica)
    }

    func deferHeld(_ replica: Replica) {
        replica.isHeldDurably = false
        if has(.declareBeforeDurable) {
            return onHeldDurably(replica, generation: replica.generation, epoch: replica.epoch)
        }
        turn.append(
            .position(replica.slot, generation: replica.generation, version: replica.log.position))
        turn.append(.held(replica.slot, generation: replica.generation, epoch: replica.epoch))
    }

    /// The store is no longer to be trusted: nothing that it has not confirmed is acknowledged.
    func fail(_ error: StoreError) {
        guard failure == nil else { return }
        failure = error
        notice(.error(error.message))
    }
}
