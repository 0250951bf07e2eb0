import Cluster
import Protocol

/// Questions for how the ring is that wait for the answers of other nodes.
struct StatusQueries {
    struct Query {
        let token: UInt64
        let deadline: Instant
        var awaited: Set<NodeID>
        var reports: [NodeID: NodeStatus] = [:]
    }

    var lastNumber: UInt64 = 0
    var open: [UInt64: Query] = [:]
}

extension TorcNode: RequestSink {
    private static let statusPatience = Duration.milliseconds(500)

    func submit(
        _ operation: Operation, key: [UInt8], consistency: Consistency, token: UInt64, name: RequestName?
    ) {
        _ = now
        ringNode.submit(
            operation, key: key, consistency: consistency, token: token, request: name.map(ClientRequest.init))
    }

    func requestStatus(token: UInt64) {
        statusQueries.lastNumber += 1
        let number = statusQueries.lastNumber
        let nodes = links.nodes
        statusQueries.open[number] = StatusQueries.Query(
            token: token, deadline: now + TorcNode.statusPatience, awaited: Set(nodes))
        for node in nodes { links.send(.statusRequest(number: number), to: node) }
        finishIfComplete(number)
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
        let replicator = ringNode.replicator
        let nodes = ringNode.ring.records.filter { $0.status != .gone }.map { record in
            StatusReport.Node(
                record: record, liveness: membership.liveness(of: record.node) ?? .dead,
                targets: UInt32(replicator.targets.placesHeld(by: record.node)),
                status: record.node == identity.node ? ringNode.status() : query.reports[record.node])
        }
        let report = StatusReport(ring: ringID, replicas: options.replicas, nodes: nodes)
        clients.completeStatus(query.token, text: report.jsonText)
    }
}
