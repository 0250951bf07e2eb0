import Protocol

@testable import Cluster

/// One node with a place in memory: it keeps what the node says and does for `TestNodes` to carry out.
final class TestHost: NodeHost, Replies {
    let settings: NodeSettings
    let store: TestStore
    private(set) var node: RingNode?
    /// What the data folder would say.
    private(set) var remembered: (ring: RingID, incarnation: UInt64)?
    var rememberFailure: StoreError?

    private(set) var notices: [String] = []
    private(set) var readyIn: Int?
    /// Whether it held all that it should when it said that it is ready.
    private(set) var wasWhole = false
    private(set) var exitCode: Int32?
    private(set) var answers: [UInt64: Outcome] = [:]
    private(set) var answeredTwice: [UInt64] = []
    private(set) var wanted: [NodeID: NodeAddress] = [:]
    var seeds: [NodeAddress] = []
    /// What does not get away to anybody.
    var unsentBytes = 0
    var messages: [(message: PeerMessage, to: NodeID)] = []
    var packets: [(bytes: [UInt8], to: NodeAddress)] = []

    /// - Parameter store: of an earlier life.
    init(
        _ settings: NodeSettings, store: TestStore = TestStore(),
        remembered: (ring: RingID, incarnation: UInt64)? = nil
    ) {
        self.settings = settings
        self.store = store
        self.remembered = remembered
    }

    var id: NodeID { settings.member.node }
    var isRunning: Bool { node != nil && exitCode == nil }
    var ringRecords: [RingRecord] { node?.ring.records ?? [] }

    func start(seed: UInt64, now: Instant) {
        store.advance(to: now)
        node = RingNode(
            settings, store: store, host: self, replies: self, ring: remembered?.ring,
            incarnation: remembered?.incarnation ?? 0, seed: seed, origin: seed, now: now)
    }

    /// The process is no more; what was not synced is lost.
    func kill() {
        node = nil
        store.crash { _ in 0 }
    }

    // MARK: NodeHost

    func unsentBytes(to node: NodeID) -> Int { unsentBytes }

    /// Hears of each message that leaves.
    var onSend: ((PeerMessage) -> Void)?

    func send(_ message: PeerMessage, to node: NodeID) {
        onSend?(message)
        messages.append((message, node))
    }
    func sendPacket(_ bytes: [UInt8], to address: NodeAddress) { packets.append((bytes, address)) }
    func keepLink(to node: NodeID, at address: NodeAddress) { wanted[node] = address }
    func forgetLink(to node: NodeID) { wanted[node] = nil }

    /// Who drives many nodes may compute each table once.
    var makeTargets: (Ring, Int) -> Targets = { Targets(ring: $0, replicas: $1) }

    /// The tables take long: these are asked for.
    var delaysTargets = false
    private(set) var targetsAskedFor: [Ring] = []

    func computeTargets(of ring: Ring, replicas: Int) {
        if delaysTargets { return targetsAskedFor.append(ring) }
        node?.onTargets(makeTargets(ring, replicas))
    }

    /// The oldest that was asked for is there.
    func endTargets() {
        guard !targetsAskedFor.isEmpty else { return }
        node?.onTargets(makeTargets(targetsAskedFor.removeFirst(), settings.replicas))
    }

    func nodeIsReady(activeNodes: Int) {
        readyIn = activeNodes
        wasWhole = node?.replicator.holdsItsTargets(of: settings.slots ?? []) == true
    }

    func nodeEnded(code: Int32) { exitCode = code }

    func remember(ring: RingID, incarnation: UInt64) throws(StoreError) {
        if let rememberFailure { throw rememberFailure }
        remembered = (ring, incarnation)
    }

    func note(_ notice: Notice) {
        switch notice {
        case .info(let text), .warning(let text), .error(let text), .contradiction(let text): notices.append(text)
        }
    }

    // MARK: Replies

    /// What GETs found that were carried out together, by their first tokens.
    private var found: [UInt64: [Outcome]] = [:]
    private(set) var confirmed: [UInt64] = []

    /// - Returns: how many were carried out.
    func readTogether(_ keys: [[UInt8]], at consistency: Consistency = .quorum, token: UInt64) -> Int {
        guard let node else { return 0 }
        // As a pipeline has them: one behind the other.
        let bytes = keys.reduce([], +)
        return bytes.withUnsafeBytes { bytes in
            var end = 0
            let views = keys.map { key in
                end += key.count
                let place = UnsafeRawBufferPointer(rebasing: bytes[(end - key.count)..<end])
                return RequestView(.get, slot: Slot(key: key), key: place, consistency: consistency)
            }
            var outcomes: [Outcome] = []
            let count = views.withUnsafeBufferPointer {
                node.readTogether($0, token: token) {
                    if case .value(let view) = $0 { outcomes.append(view.map { .found($0.entry) } ?? .notFound) }
                    return true
                }
            }
            if count > 0 { found[token] = outcomes }
            return count == outcomes.count ? count : -1
        }
    }

    func confirm(_ token: UInt64) {
        confirmed.append(token)
        for (index, outcome) in (found.removeValue(forKey: token) ?? []).enumerated() {
            complete(token + UInt64(index), with: outcome, servedBy: id)
        }
    }

    func complete(_ token: UInt64, with outcome: Outcome, servedBy server: NodeID) {
        if answers.updateValue(outcome, forKey: token) != nil { answeredTwice.append(token) }
    }
}
