import Client
import UV

/// Finds out whether every node sees the ring at rest, one after the other.
final class RestWatch {
    private let probe: StatusProbe
    private var left: [TortureNode] = []
    private var ids: [String] = []
    /// What is not yet as it should be, by the last answer.
    private(set) var unrest = "not asked yet"
    private(set) var isAtRest = false

    init(_ loop: Loop) { probe = StatusProbe(loop) }

    func begin(_ nodes: [TortureNode]) {
        ids = nodes.map(\.id)
        left = nodes
        isAtRest = false
        unrest = "not asked yet"
    }

    /// Asks the next of `nodes`, where none is being asked; all of them anew where they are not those of before.
    func goOn(_ nodes: [TortureNode]) {
        if nodes.map(\.id) != ids { begin(nodes) }
        guard !isAtRest, !probe.isAsking, let node = left.last else { return }
        probe.ask(node) { [unowned self] status in
            let ids = ids
            unrest = status.map { $0.unrest(expecting: ids) ?? "" } ?? "\(node.id) does not tell its status"
            // Another round may have begun since it was asked.
            if unrest.isEmpty, left.last?.id == node.id { left.removeLast() }
            isAtRest = left.isEmpty
        }
    }

    func close() { probe.close() }
}
