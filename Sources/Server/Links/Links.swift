import Cluster
import Protocol
import UV

/// What the node decides for its links, and what it hears from them.
protocol LinksOwner: AnyObject {
    var now: Instant { get }
    var log: Logger { get }
    var ownID: NodeID { get }
    func hello(to node: NodeID?) -> Hello
    func judge(_ hello: Hello) -> Welcome
    /// Nil: go on. Else why not.
    func objection(to ring: RingID, replicas: UInt8, of record: RingRecord) -> String?
    func linkOpened(with record: RingRecord)
    func linkClosed(with node: NodeID)
    /// Nobody accepts connections where the node should be.
    func connectionRefused(by node: NodeID)
    func received(_ message: PeerMessage, from node: NodeID)
    /// The other side will not have this node, in its words.
    /// - Parameter incarnation: with which this node introduced itself.
    func refused(by whom: String, because reason: String, isFinal: Bool, introducedAs incarnation: UInt64)
}

/// The connections to all other nodes: exactly one for each pair of nodes.
///
/// Either side may dial. Where both did, the connection that the node with the lower id dialled wins: the
/// other side takes it in place of what it has; the node with the lower id takes one in place of an open one
/// only where that is silent or of an earlier life of the peer.
final class Links {
    static let connectTimeout = Duration.seconds(1)
    private static let handshakeTimeout = Duration.seconds(1)
    private static let keepAliveInterval = Duration.milliseconds(200)
    /// Well below the time for which slots remember requests (10 s): what was on its way for longer, since packets
    /// were lost, must not arrive any more.
    private static let silenceMax = Duration.seconds(6)
    private static let silenceReplaceable = Duration.milliseconds(500)

    private unowned let owner: any LinksOwner
    private let loop: Loop
    private let book: AddressBook
    private var open = NodeTable<PeerLink>()
    private var dialers: [NodeID: Dialer] = [:]
    private var seeds: [Dialer] = []
    /// Links that other nodes made, before their handshake is done.
    private var arriving: [ObjectIdentifier: PeerLink] = [:]
    private var unflushed: [PeerLink] = []
    private var isClosed = false

    init(loop: Loop, book: AddressBook, owner: any LinksOwner) {
        self.loop = loop
        self.book = book
        self.owner = owner
    }

    var nodes: [NodeID] { open.sortedNodes }

    func isOpen(to node: NodeID) -> Bool { open[node] != nil }

    /// How long the open link to `node` has been silent; nil: there is none.
    func silence(of node: NodeID) -> Duration? { open[node].map { owner.now.since($0.lastHeard) } }

    /// What waits for the system to take it to `node`; nil: there is no link.
    func unsentBytes(to node: NodeID) -> Int? { open[node]?.unsentBytes }

    // MARK: Whom to be connected to

    /// Addresses of nodes yet unknown. Each is dialled until somebody has answered there, also while there are links
    /// to others: where all have moved, those who find each other may not be the whole ring. Afterwards it is
    /// dialled when there is no link to anybody.
    func addSeeds(_ addresses: [NodeAddress]) {
        seeds = addresses.map { Dialer(intended: nil, address: $0) }
    }

    func removeSeed(_ address: NodeAddress) { seeds.removeAll { $0.address == address } }

    /// To be connected to for ever, or until `forget`.
    func keep(_ node: NodeID, at address: NodeAddress) {
        if let dialer = dialers[node] {
            guard dialer.address != address else { return }
            dialer.address = address
            dialer.hurry()
        } else {
            dialers[node] = Dialer(intended: node, address: address)
        }
    }

    /// Not dialled any more; an open link stays until the other side ends it.
    func forget(_ node: NodeID) {
        dialers.removeValue(forKey: node)?.link?.abandon()
    }

    /// Every 50 ms.
    func onTick() {
        let now = owner.now
        dialAll()
        for link in Array(arriving.values) where now.since(link.begunAt) > Links.handshakeTimeout {
            link.close(fault: "no handshake in time")
        }
        for node in nodes {
            guard let link = open[node] else { continue }
            if now.since(link.lastHeard) > Links.silenceMax {
                link.close(fault: "silent for too long")
            } else if now.since(link.lastSent) >= Links.keepAliveInterval {
                send(.keepAlive, to: node)
            }
        }
    }

    private func dialAll() {
        let now = owner.now
        for node in dialers.keys.sorted() where open[node] == nil {
            if let dialer = dialers[node] { dialIfDue(dialer, now) }
        }
        for seed in seeds where open.isEmpty || !seed.wasReached || seed.isBusy { dialIfDue(seed, now) }
    }

    private func dialIfDue(_ dialer: Dialer, _ now: Instant) {
        if let link = dialer.link {
            if now.since(link.begunAt) > Links.connectTimeout + Links.handshakeTimeout {
                link.close(fault: "no handshake in time")
            }
        } else if !dialer.isResolving, now >= dialer.dueAt, !isClosed {
            dial(dialer)
        }
    }

    private func dial(_ dialer: Dialer) {
        dialer.isResolving = true
        book.resolve(dialer.address) { [weak self] result in
            dialer.isResolving = false
            guard let self, !self.isClosed, dialer.link == nil else { return }
            switch result {
            case .success(let addresses):
                dialer.rest = addresses
                dialer.allRefused = true
                self.dialNext(dialer)
            case .failure(let error):
                dialer.fail(now: self.owner.now)
                self.complain(dialer, error.text)
            }
        }
    }

    private func dialNext(_ dialer: Dialer) {
        guard !dialer.rest.isEmpty else { return }
        let address = dialer.rest.removeFirst()
        let stream = Stream(loop, connectingTo: address, timeout: Links.connectTimeout)
        let link = PeerLink(
            stream: stream, isDialled: true, intended: dialer.intended, firstBytes: [], owner: self)
        dialer.link = link
        link.introduce(owner.hello(to: dialer.intended))
    }

    private func dialer(of link: PeerLink) -> Dialer? {
        if let node = link.intended, dialers[node]?.link === link { return dialers[node] }
        return seeds.first { $0.link === link }
    }

    private func complain(_ dialer: Dialer, _ reason: String) {
        guard dialer.lastComplaint != reason else { return }
        dialer.lastComplaint = reason
        let whom = dialer.intended.map { "\($0) at \(dialer.address)" } ?? "\(dialer.address)"
        owner.log.warning("no answer from \(whom): \(reason); trying again")
    }

    // MARK: Links that others make

    func accept(_ stream: Stream, firstBytes: [UInt8]) {
        guard !isClosed else { return stream.close() }
        let link = PeerLink(
            stream: stream, isDialled: false, intended: nil, firstBytes: firstBytes, owner: self)
        arriving[ObjectIdentifier(link)] = link
        link.begin()
    }

    /// Whether a link dialled by the node of `record` may take the place of what is open to it.
    private func mayReplace(_ existing: PeerLink, by record: RingRecord) -> Bool {
        if record.node < owner.ownID { return true }
        return owner.now.since(existing.lastHeard) > Links.silenceReplaceable
            || record.incarnation > existing.peer?.incarnation ?? 0
    }

    private func install(_ link: PeerLink, with record: RingRecord) {
        if let old = open[record.node], old !== link {
            open[record.node] = nil
            old.abandon()
            owner.linkClosed(with: record.node)
        }
        open[record.node] = link
        dialers[record.node]?.hurry()
        owner.linkOpened(with: record)
    }

    // MARK: Sending

    func send(_ message: PeerMessage, to node: NodeID) {
        guard let link = open[node] else { return }
        if !unflushed.contains(where: { $0 === link }) { unflushed.append(link) }
        link.send(message)
        if link.unsentBytes > Limits.peerOutputBytesMax {
            link.close(fault: "it does not take what it is sent: \(link.unsentBytes) bytes wait")
        }
    }

    /// At the end of a turn: one write for each link.
    func flush() {
        for link in unflushed { link.flush() }
        unflushed.removeAll(keepingCapacity: true)
    }

    /// Ends all links; nothing is dialled or accepted any more.
    func close() {
        flush()
        isClosed = true
        for link in arriving.values { link.abandon() }
        for dialer in seeds + Array(dialers.values) { dialer.link?.abandon() }
        for link in open.values { link.abandon() }
        arriving.removeAll()
        open = NodeTable()
    }
}

extension Links: PeerLinkOwner {
    var now: Instant { owner.now }

    func link(_ link: PeerLink, received hello: Hello) {
        arriving[ObjectIdentifier(link)] = nil
        var welcome = owner.judge(hello)
        if case .accepted = welcome, let existing = open[hello.record.node],
            !mayReplace(existing, by: hello.record)
        {
            welcome = .refused(reason: Links.alreadyConnected, isFinal: false)
        }
        if case .refused(let reason, let isFinal) = welcome, reason != Links.alreadyConnected {
            let line = "refused \(hello.record.node) at \(hello.record.address): \(reason)"
            // Whoever may try again does so, many times.
            if isFinal { owner.log.info(line) } else { owner.log.debug(line) }
        }
        link.answer(welcome, to: hello.record)
        if case .accepted = welcome { install(link, with: hello.record) }
    }

    private static let alreadyConnected = "already connected"

    func link(_ link: PeerLink, received welcome: Welcome) {
        let dialer = dialer(of: link)
        switch welcome {
        case .accepted(let ring, let replicas, let record):
            if let objection = owner.objection(to: ring, replicas: replicas, of: record) {
                return link.close(fault: objection)
            }
            dialer?.succeed()
            // While this was under way, the peer with the lower id may have made the link that counts.
            if let existing = open[record.node], !existing.isDialled, record.node < owner.ownID {
                return link.abandon()
            }
            link.open(with: record)
            install(link, with: record)
        case .refused(let reason, let isFinal):
            link.abandon()
            dialer?.fail(now: now)
            if reason == Links.alreadyConnected { dialer?.wasReached = true }
            // The same again is not said again, but for what may end the node: the first may have come too early.
            guard reason != Links.alreadyConnected, isFinal || dialer?.lastComplaint != reason else { return }
            dialer?.lastComplaint = reason
            let whom = dialer.map { $0.intended?.text ?? $0.address.description } ?? "a node"
            owner.refused(
                by: whom, because: reason, isFinal: isFinal, introducedAs: link.ownIncarnation ?? 0)
        }
    }

    func link(_ link: PeerLink, received message: PeerMessage) {
        guard let node = link.peer?.node, open[node] === link else { return }
        owner.received(message, from: node)
    }

    func link(_ link: PeerLink, closed reason: CloseReason, fault: String?) {
        arriving[ObjectIdentifier(link)] = nil
        unflushed.removeAll { $0 === link }
        let words = fault ?? reason.description
        if let node = link.peer?.node, open[node] === link {
            open[node] = nil
            let line = "the link to \(node) ended: \(words)"
            if fault == nil { owner.log.info(line) } else { owner.log.warning(line) }
            owner.linkClosed(with: node)
            if let dialer = dialers[node], !dialer.isBusy, !isClosed { dial(dialer) }
        } else if let dialer = dialer(of: link) {
            dialEnded(dialer, reason, words)
        } else if let fault {
            owner.log.warning("a connection of a node ended in its handshake: \(fault)")
        }
    }

    private func dialEnded(_ dialer: Dialer, _ reason: CloseReason, _ words: String) {
        dialer.link = nil
        if !reason.isRefusal { dialer.allRefused = false }
        if !dialer.rest.isEmpty, !isClosed { return dialNext(dialer) }
        if reason.isReset, dialer.intended != nil, !isClosed, dialer.shouldInsist() { return dial(dialer) }
        dialer.fail(now: now)
        book.forget(dialer.address)
        complain(dialer, words)
        if let node = dialer.intended, dialer.allRefused, open[node] == nil {
            owner.connectionRefused(by: node)
        }
    }
}

extension CloseReason {
    fileprivate var isReset: Bool {
        guard case .failed(let error) = self else { return false }
        return error.isConnectionReset
    }

    /// The machine is there and nothing listens on the port.
    fileprivate var isRefusal: Bool {
        guard case .failed(let error) = self else { return false }
        return error.isConnectionRefused
    }
}
