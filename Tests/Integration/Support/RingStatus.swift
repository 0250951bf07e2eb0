import Foundation

/// What STATUS answers.
struct RingStatus: Decodable {
    struct Ring: Decodable {
        let id: String
        let replicas: Int
        let nodes: Int
    }

    struct Node: Decodable {
        let id: String
        let addr: String
        let zone: String
        let status: String
        let liveness: String
        let targets: Int
        let holds: Int?
        let leads: Int?
        let keys: Int?
        let bytes: Int?
    }

    struct Waiting: Decodable {
        let node: String
        let what: String
        let waiting_for: String
    }

    static let slots = 16_384

    let ring: Ring
    let nodes: [Node]
    let waiting: [Waiting]

    func node(_ id: String) -> Node? { nodes.first { $0.id == id } }

    /// Keys by the node that holds them; nil unless every node has told.
    var keys: [String: Int]? {
        var keys: [String: Int] = [:]
        for node in nodes {
            guard let count = node.keys else { return nil }
            keys[node.id] = count
        }
        return keys
    }

    /// Why this is not a ring of exactly `ids` at rest: all alive and active, every slot where it should be
    /// and nowhere else, and led. Nil: it is.
    func unrest(expecting ids: [String]) -> String? {
        guard nodes.map(\.id).sorted() == ids.sorted() else { return "nodes \(nodes.map(\.id))" }
        for node in nodes {
            guard node.liveness == "alive", node.status == "active" else {
                return "\(node.id) is \(node.liveness), \(node.status)"
            }
            guard node.targets == node.holds else { return "\(node.id) holds \(node.holds ?? -1) of \(node.targets)" }
        }
        let led = nodes.reduce(0) { $0 + ($1.leads ?? 0) }
        guard led == RingStatus.slots else { return "\(led) slots are led" }
        guard waiting.isEmpty else { return "waits: \(waiting)" }
        return nil
    }
}
