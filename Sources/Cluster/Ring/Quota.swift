/// How many places the nodes may take: ceil(1.10 × fair share) of all places and of all first places.
///
/// A node's fair share goes by its weight, as far as distinct nodes and distinct zones let it. Where zones
/// are of unequal size, a node of a small one must take more than its weight says, or replicas end up in
/// one zone: it does, but at most twice as much (`zoneStretch`), so that a single node that was started in
/// a zone of its own is not given a copy of everything. What that leaves over relaxes the zone.
struct Quota {
    private static let zoneStretch = 2

    /// The most places, by node.
    let places: [Int]
    /// The most first places, by node.
    let firsts: [Int]

    /// - Parameters:
    ///   - nodes: weight and zone of each; zones are numbered from 0 without gaps.
    ///   - replicas: nodes a slot, at most as many as there are nodes.
    init(nodes: [Placement.Node], slots: Int, replicas: Int) {
        let total = slots * replicas * Shares.place
        let all = slots * Shares.place
        let byWeight = Shares.divide(total, among: nodes.map { .init(weight: $0.weight, atMost: all) })
        let stretched = byWeight.map { min($0 * Quota.zoneStretch, all) }
        let zoned = Quota.zoneShares(nodes: nodes, atMost: stretched, all: all, replicas: replicas)
        let shares = Shares.divide(
            total,
            among: nodes.indices.map {
                .init(weight: nodes[$0].weight, atLeast: zoned[$0], atMost: all)
            })
        let firstShares = Shares.divide(
            all, among: nodes.indices.map { .init(weight: nodes[$0].weight, atMost: shares[$0]) })
        places = shares.map { min(Shares.bound(of: $0), slots) }
        firsts = firstShares.map(Shares.bound)
    }

    /// What each node should take so that zones get as many replicas of every slot as they must have and
    /// may have. Adds up to less than everything where `atMost` does not allow it.
    private static func zoneShares(
        nodes: [Placement.Node], atMost: [Int], all: Int, replicas: Int
    ) -> [Int] {
        let zoneCount = (nodes.map(\.zone).max() ?? -1) + 1
        var members: [[Int]] = Array(repeating: [], count: zoneCount)
        for (index, node) in nodes.enumerated() { members[node.zone].append(index) }

        let zones = members.map { members in
            let limit = members.reduce(0) { $0 + atMost[$1] }
            let fewest = min(replicas / zoneCount, members.count) * all
            let most = min((replicas + zoneCount - 1) / zoneCount, members.count) * all
            return Shares.Party(
                weight: members.reduce(0) { $0 + nodes[$1].weight },
                atLeast: min(fewest, limit), atMost: min(most, limit))
        }
        let shares = Shares.divide(replicas * all, among: zones)

        var result = Array(repeating: 0, count: nodes.count)
        for (members, share) in zip(members, shares) {
            let parts = Shares.divide(
                share, among: members.map { .init(weight: nodes[$0].weight, atMost: atMost[$0]) })
            for (index, part) in zip(members, parts) { result[index] = part }
        }
        return result
    }
}
