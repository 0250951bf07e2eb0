/// Gives the slots their nodes: consistent hashing with bounded loads (Mirrokni, Thorup, Zadimoghaddam:
/// Consistent Hashing with Bounded Loads, SODA 2018), for several distinct nodes a slot.
///
/// All first places are given before any second one, and so on, each in the order of the slots: so first
/// places move only for the sake of first places. Slot by slot instead relaxed more and moved more first
/// places (7 nodes in 5 zones: 1.18 instead of 0.98 of the least), and the order of the slots made no
/// difference. What finds no node in that order is left over to the end (`Placement+Leftovers`).
struct Placement {
    /// A node that takes part; its index is its name.
    struct Node {
        let weight: Int
        /// Numbered from 0 without gaps.
        let zone: Int
    }

    /// What a walk insists on beside distinct nodes.
    struct Rules {
        var zones = true
        var loads = true
    }

    let nodes: [Node]
    let zoneCount: Int
    /// Places a slot.
    let replicas: Int
    let slots: Int
    let quota: Quota
    private let circle: TokenCircle

    /// The nodes of slot s, first the one that should lead, from s × replicas on.
    var table: [Int32]
    /// How many nodes each slot has so far.
    var filled: [Int]
    /// Places that each node holds so far, and first places of these.
    var places: [Int]
    var firsts: [Int]
    var relaxed = Targets.Relaxed()

    /// `replicas` is at least 1 and at most the number of nodes.
    init(nodes: [Node], circle: TokenCircle, slots: Int, replicas: Int) {
        self.nodes = nodes
        self.circle = circle
        self.slots = slots
        self.replicas = replicas
        zoneCount = (nodes.map(\.zone).max() ?? -1) + 1
        quota = Quota(nodes: nodes, slots: slots, replicas: replicas)
        table = Array(repeating: -1, count: slots * replicas)
        filled = Array(repeating: 0, count: slots)
        places = Array(repeating: 0, count: nodes.count)
        firsts = places

        for place in 0..<replicas {
            for slot in 0..<slots where filled[slot] == place {
                guard let node = walk(from: slot, under: Rules()) else { continue }
                give(slot, to: node)
            }
        }
        placeLeftovers()
    }

    /// The first node clockwise of `slot` that may have its next place.
    func walk(from slot: Int, under rules: Rules) -> Int? {
        let count = circle.owners.count
        var token = Int(circle.starts[slot])
        for step in 0..<count {
            // So far without luck: before all of the circle is tried in vain, ask each node once.
            if step == 2 * nodes.count {
                guard nodes.indices.contains(where: { mayHave(slot, $0, under: rules) }) else { return nil }
            }
            if token >= count { token = 0 }
            let node = Int(circle.owners[token])
            if mayHave(slot, node, under: rules) { return node }
            token += 1
        }
        return nil
    }

    /// Whether `node` may have the next place of `slot`.
    func mayHave(_ slot: Int, _ node: Int, under rules: Rules) -> Bool {
        let place = filled[slot]
        if rules.loads {
            guard places[node] < quota.places[node] else { return false }
            guard place > 0 || firsts[node] < quota.firsts[node] else { return false }
        }
        var inZone = 0
        let zone = nodes[node].zone
        let base = slot * replicas
        for index in base..<(base + place) {
            let holder = Int(table[index])
            if holder == node { return false }
            if nodes[holder].zone == zone { inZone += 1 }
        }
        // Every zone has one before any has two, and so on.
        return !rules.zones || inZone <= place / zoneCount
    }

    mutating func give(_ slot: Int, to node: Int) {
        table[slot * replicas + filled[slot]] = Int32(node)
        if filled[slot] == 0 { firsts[node] += 1 }
        filled[slot] += 1
        places[node] += 1
    }
}
