import Protocol

/// What STATUS shows of this node.
extension RingNode {
    package func status() -> NodeStatus {
        let status = replicator.status()
        return NodeStatus(
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
