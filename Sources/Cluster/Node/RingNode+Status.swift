import Protocol

/// What STATUS shows of this node.
extension RingNode {
    /// So many slots are looked at in a turn.
    private static let statusSlotsPerTurn = 512

    /// In one go: for tests and for who is about to end.
    package func status() -> NodeStatus { whole(replicator.status()) }

    /// Calls `take` with how this node is then, in this turn where little goes on, else in one of the next.
    package func requestStatus(_ take: @escaping (NodeStatus) -> Void) { statusTakers.append(take) }

    /// Every turn. Who asks while others are being answered waits for the next round: an answer is never older than its
    /// question.
    func answerStatus() {
        if statusRound == nil, !statusTakers.isEmpty {
            statusRound = (replicator.beginStatusWalk(), statusTakers)
            statusTakers = []
        }
        guard case (var walk, let takers)? = statusRound else { return }
        // Let go of, so that nothing is copied.
        statusRound = nil
        replicator.goOn(with: &walk, slotsMax: RingNode.statusSlotsPerTurn)
        guard walk.isOver else { return statusRound = (walk, takers) }
        let status = whole(replicator.status(after: walk))
        for take in takers { take(status) }
    }

    private func whole(_ status: NodeStatus) -> NodeStatus {
        NodeStatus(
            targets: status.targets, holds: status.holds, leads: status.leads, keys: status.keys,
            keysLed: status.keysLed, bytes: status.bytes,
            waiting: status.waiting + evictionsThatWait() + readiness + farewell)
    }

    private var farewell: [NodeStatus.Waiting] {
        guard phase == .left, !isFarewellHeard else { return [] }
        let whom = linkedNodes.isEmpty ? "a node in reach" : linkedNodes.map(\.text).joined(separator: ", ")
        return [.init(what: "farewell", waitingFor: "\(whom) to know that this node has left")]
    }

    private var readiness: [NodeStatus.Waiting] {
        guard phase == .catchingUp, let unreadiness else { return [] }
        return [.init(what: "readiness", waitingFor: unreadiness)]
    }

    private func evictionsThatWait() -> [NodeStatus.Waiting] {
        guard let membership, phase == .ready || phase == .catchingUp else { return [] }
        return ring.records.compactMap { record in
            guard record.status < .down, let since = membership.deadSince(record.node) else { return nil }
            let what = "eviction of \(record.node)"
            guard membership.seesMajority else {
                let (alive, all) = (membership.activeAliveCount, membership.activeCount)
                let missed = ring.records.filter { $0.status == .active && membership.liveness(of: $0.node) == .dead }
                let names = missed.map(\.node.text).joined(separator: ", ")
                return .init(
                    what: what, waitingFor: "a majority of the ring to be seen alive (\(alive) of \(all); dead: \(names))")
            }
            let dead = now.since(since).wholeMicroseconds / 1_000_000
            return .init(what: what, waitingFor: "\(settings.evictAfter) of death (\(dead) s so far)")
        }
    }
}
