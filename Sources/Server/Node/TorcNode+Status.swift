import Cluster
import Protocol

/// Questions for how the ring is that wait for the answers of other nodes.
struct StatusQueries {
    enum Purpose { case report, keyCount }

    struct Query {
        let token: UInt64
        let purpose: Purpose
        let deadline: Instant
        var awaited: Set<NodeID>
        var reports: [NodeID: NodeStatus] = [:]
    }

    var lastNumber: UInt64 = 0
    var open: [UInt64: Query] = [:]
}

extension TorcNode: RequestSink {
    private static let statusPatience = Duration.milliseconds(500)

    func submit(_ operation: ClientOperation, token: UInt64) {
        _ = now
        ringNode.submit(
            operation.operation, key: operation.key, slot: operation.slot, consistency: operation.consistency,
            token: token, request: operation.name.map(ClientRequest.init))
    }

    func expect(_ requests: UnsafeBufferPointer<RequestView>) { ringNode.expect(requests) }

    func carryOutAtOnce(_ requests: UnsafeBufferPointer<RequestView>, _ answer: (AnswerView) -> Bool) -> Int {
        _ = now
        return ringNode.carryOutAtOnce(requests, answer)
    }

    func readTogether(
        _ requests: UnsafeBufferPointer<RequestView>, token: UInt64, _ answer: (AnswerView) -> Bool
    ) -> Int {
        _ = now
        return ringNode.readTogether(requests, token: token, answer)
    }

    func requestStatus(token: UInt64) { ask(.report, token) }

    func requestKeyCount(token: UInt64) { ask(.keyCount, token) }

    private func ask(_ purpose: StatusQueries.Purpose, _ token: UInt64) {
        statusQueries.lastNumber += 1
        let number = statusQueries.lastNumber
        let nodes = links.nodes
        // The others are asked at the same time, and it may take as long here as there.
        statusQueries.open[number] = StatusQueries.Query(
            token: token, purpose: purpose, deadline: now + TorcNode.statusPatience, awaited: Set(nodes + [identity.node]))
        for node in nodes { links.send(.statusRequest(number: number), to: node) }
        ringNode.requestStatus { [unowned self] in take($0, of: identity.node, number: number) }
    }

    func administer(_ text: String, token: UInt64) {
        _ = now
        log.info("an operator asks: \(text)")
        ringNode.administer(text, token: token)
    }

    func take(_ status: NodeStatus, of node: NodeID, number: UInt64) {
        guard statusQueries.open[number]?.awaited.remove(node) != nil else { return }
        statusQueries.open[number]?.reports[node] = status
        finishIfComplete(number)
    }

    func forgetStatusReports(of node: NodeID) {
        for number in statusQueries.open.keys {
            guard statusQueries.open[number]?.awaited.remove(node) != nil else { continue }
            finishIfComplete(number)
        }
    }

    func expireStatusQueries() {
        let now = now
        for (number, query) in statusQueries.open where now >= query.deadline { finish(number) }
    }

    private func finishIfComplete(_ number: UInt64) {
        if statusQueries.open[number]?.awaited.isEmpty == true { finish(number) }
    }

    private func finish(_ number: UInt64) {
        guard let query = statusQueries.open.removeValue(forKey: number) else { return }
        guard let ringID = ringNode.ringID, let membership = ringNode.membership else {
            return clients.complete(
                query.token, with: .unavailable("this node is in no ring yet"), servedBy: identity.node)
        }
        guard query.purpose == .report else {
            let count = query.reports.values.reduce(0) { $0 + $1.keysLed }
            return clients.complete(query.token, with: .answer(.count(count)), servedBy: identity.node)
        }
        let replicator = ringNode.replicator
        let nodes = ringNode.ring.records.filter { $0.status != .gone }.map { record in
            StatusReport.Node(
                record: record, liveness: membership.liveness(of: record.node) ?? .dead,
                targets: UInt32(replicator.targets.placesHeld(by: record.node)),
                status: query.reports[record.node])
        }
        let report = StatusReport(ring: ringID, replicas: options.replicas, nodes: nodes)
        clients.completeStatus(query.token, text: report.jsonText)
    }
}
