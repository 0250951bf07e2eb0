import Cluster
import Protocol
import Storage
import UV

/// A node: wires sockets and storage to what `Cluster` decides, on one loop. It owns no policy.
///
/// One turn: what the last wait brought is given to membership, replication and coordinator, each with the
/// time first; then `endTurn` has the turn's batch closed, what is durable let out, and everything that was
/// said in the turn written, one write for each connection.
///
///     joining ── the ring's records ──▶ catchingUp ── holds all its slots ──▶ ready
///        │                                 │ signal                             │ signal
///        └───────────▶ over ◀──────────────┴── leaving / stopping ◀─────────────┘
final class TorcNode {
    enum Phase { case joining, catchingUp, ready, leaving, left, stopping, over }

    static let tickInterval = Duration.milliseconds(50)
    /// Longer turns are logged.
    private static let turnTimeMax = Duration.milliseconds(200)

    let options: NodeOptions
    let log: Logger
    let loop: Loop
    let identity: Identity
    /// As others reach it.
    let address: NodeAddress
    /// As bound, for the ready line.
    let boundAddress: SocketAddress
    let store: any Store
    let datagram: Datagram
    let book: AddressBook
    let clients: Clients
    let replicator: Replicator
    private(set) var coordinator: Coordinator!
    private(set) var links: Links!
    private(set) var acceptor: Acceptor!
    private var ticker: Timer?

    var phase = Phase.joining
    var exitCode: Int32 = 0
    /// Nil until the node is of a ring.
    var membership: Membership?
    var ring = Ring()
    var isRingDirty = false
    var targetsDigest: UInt64?
    /// Whether what others know of the ring has been heard in this life.
    var hasExchanged = false
    var statusQueries = StatusQueries()
    var departure: DepartureWatch?
    var signals: [Signal] = []
    /// The ring whose records are awaited.
    var joiningRing: RingID?
    var nextReadinessCheck = Instant.zero
    private var clock = Instant.zero
    private var hasTime = false

    init(_ parts: NodeParts) {
        options = parts.options
        log = parts.log
        loop = parts.loop
        identity = parts.identity
        address = parts.address
        boundAddress = parts.listener.address
        store = parts.store
        datagram = parts.datagram
        book = AddressBook(parts.loop)
        clients = Clients(parts.loop, node: parts.identity.node)
        let relay = OutboxRelay()
        let now = Instant(microseconds: parts.loop.now / 1_000)
        var settings = ReplicatorSettings()
        settings.failoverAfter = parts.options.failoverAfter
        replicator = Replicator(
            member: parts.identity.member, store: parts.store, outbox: relay, settings: settings,
            seed: .random(in: 0 ... .max), now: now)
        coordinator = Coordinator(
            replicator: replicator, outbox: relay, replies: clients, origin: .random(in: 1 ... .max))
        links = Links(loop: loop, book: book, owner: self)
        relay.links = links
        acceptor = Acceptor(loop, parts.listener, log: log) { [unowned self] in take($0, $1, $2) }
        wire()
    }

    private func wire() {
        clients.sink = self
        replicator.notice = { [log] notice in
            switch notice {
            case .info(let text): log.info(text)
            case .warning(let text): log.warning(text)
            case .error(let text): log.error(text)
            }
        }
        datagram.onReceive = { [unowned self] bytes, _ in
            membership?.onPacket(Array(bytes), now: now)
        }
        loop.onTurnEnd = { [unowned self] in endTurn() }
        let ticker = Timer(loop) { [unowned self] in onTick() }
        ticker.start(after: .zero, every: TorcNode.tickInterval)
        self.ticker = ticker
    }

    private func take(_ stream: Stream, _ firstBytes: [UInt8], _ kind: ProtocolKind) {
        _ = now
        switch kind {
        case .peer: links.accept(stream, firstBytes: firstBytes)
        case .json, .resp, .http: clients.admit(stream, firstBytes: firstBytes, kind: kind)
        }
    }

    // MARK: Time

    /// The time; replication hears of it before the first input of a turn.
    var now: Instant {
        if !hasTime {
            hasTime = true
            clock = Instant(microseconds: loop.now / 1_000)
            replicator.onTime(clock, Timestamp(milliseconds: loop.walltime))
        }
        return clock
    }

    private func onTick() {
        hasTime = false
        let now = now
        replicator.onTick(now: now, wallTime: Timestamp(milliseconds: loop.walltime))
        coordinator.onTick()
        membership?.onTick(now: now)
        evictTheLongDead()
        links.onTick()
        expireStatusQueries()
        advanceLifecycle()
    }

    // MARK: The end of a turn

    private func endTurn() {
        guard phase != .over else { return }
        _ = now
        carryOutEffects()
        updateTargets()
        replicator.endTurn()
        repeat {
            coordinator.onTurn()
            replicator.endTurn()
        } while !replicator.reconfigured.isEmpty
        keepRing()
        if let failure = replicator.failure ?? store.failure { return end(failing: failure.message) }
        links.flush()
        clients.flush()
        noteSlowTurn()
        hasTime = false
    }

    /// Everything waits for a turn that is long: worth a line.
    private func noteSlowTurn() {
        let span = Instant(microseconds: loop.now / 1_000).since(clock)
        guard span >= TorcNode.turnTimeMax else { return }
        log.warning("one turn of the loop took \(span.wholeMicroseconds / 1_000) ms")
    }

    /// The storage thread has made more durable.
    func onDurable() {
        _ = now
        replicator.onDurable()
    }

    // MARK: Running

    /// Runs the node until it is over.
    /// - Returns: the exit code.
    func run() -> Int32 {
        loop.run()
        return exitCode
    }

    /// Nothing is acknowledged any more and nothing else is worth doing.
    func end(failing reason: String) {
        log.error(reason)
        end(code: 1)
    }

    func end(code: Int32) {
        guard phase != .over else { return }
        phase = .over
        exitCode = code
        links.flush()
        clients.flush()
        links.close()
        loop.stop()
    }
}

/// Lets replication speak to links that are made after it.
private final class OutboxRelay: Outbox {
    weak var links: Links?
    func send(_ message: PeerMessage, to node: NodeID) { links?.send(message, to: node) }
}
