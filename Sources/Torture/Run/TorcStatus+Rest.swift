import Client

extension TorcStatus {
    /// Why this is not a ring of exactly `ids` at rest: all alive and active, every slot where it should be and
    /// nowhere else, and nothing waits. Nil: it is.
    func unrest(expecting ids: [String]) -> String? {
        guard nodes.map(\.id).sorted() == ids.sorted() else { return "the nodes are \(nodes.map(\.id))" }
        for node in nodes {
            guard node.liveness == "alive", node.status == "active" else {
                return "\(node.id) is \(node.liveness) and \(node.status)"
            }
            guard let targets = node.targets, node.holds == targets else {
                return "\(node.id) holds \(node.holds ?? 0) slots of \(node.targets ?? 0)"
            }
        }
        guard let first = waiting.first else { return nil }
        return "\(first.node): \(first.what) waits for \(first.waitingFor)"
    }
}
