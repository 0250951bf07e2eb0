import Cluster
import Protocol
import Storage
import UV

/// A node as a process: the sockets, files, timers and signals of a `RingNode`, on one loop. It owns no
/// policy.
///
/// One turn: what the last wait brought is given to the node, with the time first; then `endTurn` gives it what came in
/// small pieces, and has the turn closed and everything that was said in it written, one write for each connection.
final class TorcNode {
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
    private(set) var ringNode: RingNode!
    let datagram: Datagram
    let book: AddressBook
    let clients: Clients
    private(set) var links: Links!
    private(set) var acceptor: Acceptor!
    private var ticker: Timer?
    /// Goes off where the node wants a turn and nothing else brings one.
    private var turner: Timer?

    var statusQueries = StatusQueries()
    var signals: [Signal] = []
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
        links = Links(loop: loop, book: book, owner: self)
        acceptor = Acceptor(
            loop, parts.listener, log: log,
            clientsToCome: { [unowned self] in clients.limits.clientsMax - clients.count },
            onKnown: { [unowned self] in take($0, $1, $2) })
        ringNode = makeRingNode()
        wire()
    }

    private func makeRingNode() -> RingNode {
        RingNode(
            settings, store: store, host: self, replies: clients, ring: identity.folder?.ring,
            incarnation: identity.folder?.incarnation ?? 0, seed: .random(in: 0 ... .max),
            origin: .random(in: 1 ... .max), now: Instant(microseconds: loop.now / 1_000))
    }

    private var settings: NodeSettings {
        var settings = NodeSettings(member: identity.member, address: address)
        settings.zone = options.zone
        settings.weight = UInt16(options.weight)
        settings.replicas = options.replicas
        settings.evictAfter = options.evictAfter
        settings.leaveTimeout = options.leaveTimeout
        settings.replication.failoverAfter = options.failoverAfter
        settings.replication.transferRate = options.transferRate
        if options.transferRate == 0 { settings.replication.transferUnpaced() }
        settings.replication.backlogBytesMax = options.backlogBytes
        settings.place = identity.place
        settings.replication.takeDefectFromEnvironment()
        return settings
    }

    private func wire() {
        clients.sink = self
        clients.redis.ring = self
        clients.redis.clients = clients
        clients.redis.redirects = options.redisCluster
        clients.redis.allowsDebug = options.debugCommand
        ringNode.onAdministered = { [unowned self] in clients.complete($0, with: $1) }
        datagram.onReceive = { [unowned self] bytes, _ in
            _ = now
            ringNode.onPacket(Array(bytes))
        }
        loop.onTurnEnd = { [unowned self] in endTurn() }
        let ticker = Timer(loop) { [unowned self] in onTick() }
        ticker.start(after: .zero, every: TorcNode.tickInterval)
        self.ticker = ticker
        turner = Timer(loop) {}
    }

    private func take(_ stream: Stream, _ firstBytes: [UInt8], _ kind: ProtocolKind) {
        _ = now
        switch kind {
        case .peer: links.accept(stream, firstBytes: firstBytes)
        case .json, .resp, .http: clients.admit(stream, firstBytes: firstBytes, kind: kind)
        }
    }

    // MARK: Time

    /// The time; the node hears of it before the first input of a turn.
    var now: Instant {
        if !hasTime {
            hasTime = true
            clock = Instant(microseconds: loop.now / 1_000)
            ringNode.onTime(clock, Timestamp(milliseconds: loop.walltime))
        }
        return clock
    }

    private func onTick() {
        hasTime = false
        _ = now
        ringNode.onTick()
        guard ringNode.phase != .over else { return }
        links.onTick()
        expireStatusQueries()
    }

    // MARK: The end of a turn

    private func endTurn() {
        guard ringNode.phase != .over else { return }
        _ = now
        clients.serveArrivals()
        ringNode.endTurn()
        guard ringNode.phase != .over else { return }
        links.flush()
        if clients.isHolding { clients.release(through: store.durable) }
        clients.flush(behind: ringNode.unsettled)
        if let next = ringNode.nextTurnAt { turner?.start(after: next.since(clock)) }
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
        ringNode.onDurable()
    }

    // MARK: Running

    /// Runs the node until it is over.
    /// - Returns: the exit code.
    func run() -> Int32 {
        loop.run()
        return ringNode.exitCode
    }
}
