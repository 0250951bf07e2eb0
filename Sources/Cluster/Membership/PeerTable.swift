import Protocol

/// The nodes of the ring in the order in which they became known, which is also their number: it never
/// changes, and nothing iterates in the order of a hash. Number 0 is the node itself.
///
/// Invariant: `suspects` and `dead` hold exactly the numbers with that liveness, and the counts agree.
struct PeerTable {
    static let ownNumber = 0

    private var peers: [Peer]
    private var numbers: [NodeID: Int]
    private var circle = Circle()
    private(set) var suspects: [Int] = []
    private(set) var dead: [Int] = []
    /// How many are in the ring, the node itself included, dead or not.
    private(set) var inRingCount = 0
    /// How many of these are alive.
    private(set) var aliveCount = 0
    /// How many active records there are, and of how many nodes that are alive.
    private(set) var activeCount = 0
    private(set) var activeAliveCount = 0

    init(own record: RingRecord) {
        peers = [Peer(record: record)]
        numbers = [record.node: PeerTable.ownNumber]
        circle.insert(PeerTable.ownNumber, at: peers[PeerTable.ownNumber].place)
        count(peers[PeerTable.ownNumber], by: 1)
    }

    var indices: Range<Int> { peers.indices }
    var count: Int { peers.count }
    var own: RingRecord { peers[PeerTable.ownNumber].record }

    func number(of node: NodeID) -> Int? { numbers[node] }

    /// Lent, not copied: a peer has a dozen references to count.
    subscript(number: Int) -> Peer {
        _read { yield peers[number] }
    }

    /// Where `number` is among all hashes of ids.
    func place(of number: Int) -> UInt64 { peers[number].place }

    /// The next `count` nodes after this one on the circle that are probed at all.
    func neighbours(_ count: Int) -> [Int] {
        circle.next(count, after: PeerTable.ownNumber, at: peers[PeerTable.ownNumber].place) {
            peers[$0].isReachable
        }
    }

    /// - Returns: its number.
    mutating func append(_ record: RingRecord) -> Int {
        let peer = Peer(record: record)
        numbers[record.node] = peers.count
        peers.append(peer)
        circle.insert(peers.count - 1, at: peer.place)
        count(peer, by: 1)
        return peers.count - 1
    }

    mutating func replaceRecord(of number: Int, by record: RingRecord) {
        count(peers[number], by: -1)
        peers[number].record = record
        count(peers[number], by: 1)
    }

    /// Leaves suspicion and time of death empty where they do not belong to `liveness`.
    mutating func setLiveness(
        of number: Int, to liveness: Liveness, suspicion: Suspicion? = nil, deadSince: Instant? = nil
    ) {
        count(peers[number], by: -1)
        forgetLiveness(of: number)
        peers[number].liveness = liveness
        peers[number].suspicion = suspicion
        peers[number].deadSince = deadSince
        switch liveness {
        case .alive: break
        case .suspect: suspects.append(number)
        case .dead: dead.append(number)
        }
        count(peers[number], by: 1)
    }

    mutating func noteAnswer(of number: Int, at instant: Instant) { peers[number].lastAnswer = instant }

    mutating func noteTold(_ number: Int, at instant: Instant) { peers[number].lastTold = instant }

    /// - Returns: whether the accusation was new.
    mutating func confirmSuspicion(
        of number: Int, by accuser: NodeID, countingUpTo confirmations: Int
    ) -> Bool {
        peers[number].suspicion?.confirm(by: accuser, countingUpTo: confirmations) ?? false
    }

    mutating func restartSuspicion(of number: Int, at instant: Instant) {
        peers[number].suspicion?.restart(at: instant)
    }

    mutating func backdateSuspicion(of number: Int, to instant: Instant) {
        peers[number].suspicion?.backdate(to: instant)
    }

    mutating func noteLastChance(of number: Int, at instant: Instant) {
        peers[number].suspicion?.giveLastChance(at: instant)
    }

    /// Moves the times that lead to a decision about others.
    mutating func shift(by gap: Duration) {
        for number in suspects { peers[number].suspicion?.shift(by: gap) }
        for number in dead { peers[number].deadSince = peers[number].deadSince.map { $0 + gap } }
    }

    private mutating func forgetLiveness(of number: Int) {
        switch peers[number].liveness {
        case .alive: break
        case .suspect: suspects.removeAll { $0 == number }
        case .dead: dead.removeAll { $0 == number }
        }
    }

    private mutating func count(_ peer: Peer, by step: Int) {
        if peer.isInRing { inRingCount += step }
        if peer.isInRing, peer.liveness == .alive { aliveCount += step }
        guard peer.record.status == .active else { return }
        activeCount += step
        if peer.liveness == .alive { activeAliveCount += step }
    }
}
