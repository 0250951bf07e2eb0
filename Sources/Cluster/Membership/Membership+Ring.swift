import Protocol

/// What others read from membership, and the two decisions about other nodes' records.
extension Membership {
    /// How far a forgotten node's incarnation is put out of reach: it starts and refutes less often in its
    /// whole life. So `gone` stays with that disk for ever, though records remain a plain CRDT; another
    /// disk under the id goes on above it.
    private static let forgottenStep: UInt64 = 1 << 32

    /// Nil for a stranger. Of the node itself: alive.
    package func liveness(of node: NodeID) -> Liveness? {
        peers.number(of: node).map { peers[$0].liveness }
    }

    package func record(of node: NodeID) -> RingRecord? {
        peers.number(of: node).map { peers[$0].record }
    }

    /// When this node came to see `node` as dead; nil while it does not. Moved on where this process was
    /// paused since.
    package func deadSince(_ node: NodeID) -> Instant? {
        peers.number(of: node).flatMap { peers[$0].deadSince }
    }

    /// Every record, sorted by node.
    package var records: [RingRecord] {
        peers.indices.map { peers[$0].record }.sorted { $0.node < $1.node }
    }

    /// Names the records alone: nodes with the same have the same.
    package var recordsDigest: UInt64 {
        peers.indices.reduce(0) { sum, number in
            var writer = ByteWriter(reserving: 128)
            writer.write(peers[number].record)
            return sum &+ Fingerprint.of(writer.bytes)
        }
    }

    /// How many nodes of the ring this one sees as alive, itself included.
    package var aliveCount: Int { peers.aliveCount }

    /// How many active nodes the ring has, and how many of them are alive in this one's eyes.
    package var activeCount: Int { peers.activeCount }
    package var activeAliveCount: Int { peers.activeAliveCount }

    /// Whether most active nodes of the ring, this one counted where it is active, are alive in its eyes.
    package var seesMajority: Bool { peers.activeAliveCount * 2 > peers.activeCount }

    /// Who is dead for at least `span`, sorted; nobody while this node does not see a majority of the ring.
    package func evictionCandidates(now: Instant, after span: Duration) -> [NodeID] {
        advance(to: now)
        guard seesMajority else { return [] }
        return peers.dead.filter { number in
            let peer = peers[number]
            guard let deadSince = peer.deadSince else { return false }
            return peer.record.status < .down && now >= deadSince + span
        }.map { peers[$0].record.node }.sorted()
    }

    /// Makes a dead node's record `down` and tells the ring. Nothing happens where it is not dead any more.
    package func evict(_ node: NodeID, now: Instant) {
        advance(to: now)
        guard let number = peers.number(of: node), peers[number].liveness == .dead,
            peers[number].record.status < .down
        else { return }
        take(Rumor(record: peers[number].record.with(status: .down), liveness: .alive))
    }

    /// Puts a node's disk out of the ring for ever and tells the ring. Of this node itself it is ignored:
    /// that one leaves by `update(status:)`.
    package func forget(_ node: NodeID, now: Instant) {
        advance(to: now)
        guard let number = peers.number(of: node), number != PeerTable.ownNumber,
            peers[number].isInRing
        else { return }
        let record = peers[number].record
        let (incarnation, overflows) = record.incarnation.addingReportingOverflow(Membership.forgottenStep)
        guard !overflows else { return }
        take(Rumor(record: record.with(status: .gone, incarnation: incarnation), liveness: .alive))
    }
}
