import Protocol

/// Values under the names of nodes. In rings as large as most are they are found by comparing names, several times as
/// quick as hashing one: every message of a peer is looked up here.
package struct NodeTable<Value> {
    /// Beyond so many nodes they are found by their hashes.
    private static var scanMax: Int { 8 }

    private var nodes: [NodeID] = []
    private var places: [NodeID: Int] = [:]
    /// In no order to rely on.
    package private(set) var values: [Value] = []

    package init() {}

    package var isEmpty: Bool { nodes.isEmpty }
    package var sortedNodes: [NodeID] { nodes.sorted() }

    private func place(of node: NodeID) -> Int? {
        guard nodes.count <= Self.scanMax else { return places[node] }
        for index in nodes.indices where nodes[index] == node { return index }
        return nil
    }

    /// Nil: there is none.
    package subscript(node: NodeID) -> Value? {
        get { place(of: node).map { values[$0] } }
        set {
            switch (place(of: node), newValue) {
            case (let place?, let value?): values[place] = value
            case (let place?, nil): remove(at: place)
            case (nil, let value?):
                places[node] = nodes.count
                nodes.append(node)
                values.append(value)
            case (nil, nil): break
            }
        }
    }

    private mutating func remove(at place: Int) {
        places[nodes[place]] = nil
        let last = nodes.count - 1
        if place < last {
            nodes[place] = nodes[last]
            values[place] = values[last]
            places[nodes[place]] = place
        }
        nodes.removeLast()
        values.removeLast()
    }
}
