import Cluster
import Protocol

/// Single questions to a ring of memberships, each answered for one seed. Times are simulated ones.
package struct MembershipTrials {
    package let nodes: Int
    package let seed: UInt64
    package let world: GossipWorld
    private var random: Random

    package init(nodes: Int, seed: UInt64, world: GossipWorld) {
        self.nodes = nodes
        self.seed = seed
        self.world = world
        random = Random(seed: seed ^ 0x7261)
    }

    /// A ring in which all know all, some seconds later.
    private func settledRing() -> GossipRing {
        let ring = GossipRing(nodes: nodes, seed: seed, world: world)
        ring.introduceAll()
        ring.run(.seconds(10))
        return ring
    }

    /// Kills nodes one by one, each brought back when all know.
    /// - Returns: for each, how long until all knew it to be dead; a minute where they did not come to.
    package mutating func killTimes(_ count: Int) -> [Duration] {
        let ring = settledRing()
        return (0..<count).map { _ in killTime(in: ring) }
    }

    package mutating func killTime(in ring: GossipRing) -> Duration {
        let victim = Int.random(in: 0..<ring.nodes.count, using: &random)
        // At any time within the ticks and intervals of the others.
        ring.run(Duration.milliseconds(Int.random(in: 0..<1_000, using: &random)))
        ring.kill(victim)
        let time = ring.run(upTo: .seconds(60)) { ring.all(see: victim, as: .dead) } ?? .seconds(60)
        let incarnation = ring.nodes[victim].membership.ownRecord.incarnation + 1
        ring.restart(victim, incarnation: incarnation, through: (victim + 1) % ring.nodes.count)
        _ = ring.run(upTo: .seconds(20), every: .milliseconds(500)) { ring.isWhole }
        for node in ring.nodes { node.changes.removeAll() }
        return time
    }

    /// - Returns: false deaths in so much time in which nothing happens.
    package func quietDeaths(_ span: Duration) -> Int {
        let ring = settledRing()
        run(ring, span)
        return ring.falseDeaths
    }

    /// See `pause`.
    /// - Returns: the false deaths.
    package mutating func deathsByPauses(_ span: Duration, _ pauses: GossipPauses) -> Int {
        let ring = settledRing()
        let before = ring.falseDeaths
        pause(in: ring, span, pauses)
        return ring.falseDeaths - before
    }

    /// Keeps some nodes paused at any time, now these and now those.
    package mutating func pause(in ring: GossipRing, _ span: Duration, _ pauses: GossipPauses) {
        let count = max(Int((Double(ring.nodes.count) * pauses.part).rounded()), 1)
        let end = ring.now + span
        var paused: [(until: Instant, node: Int)] = []
        var restsUntil = [Instant](repeating: .zero, count: ring.nodes.count)
        while ring.now < end {
            while paused.count < count {
                let node = Int.random(in: 0..<ring.nodes.count, using: &random)
                guard ring.nodes[node].state == .running, ring.now >= restsUntil[node] else { continue }
                ring.pause(node)
                paused.append((ring.now + pauses.length(using: &random), node))
            }
            paused.sort { $0.until < $1.until }
            let next = paused.removeFirst()
            ring.run(next.until.since(ring.now))
            ring.resume(next.node)
            restsUntil[next.node] = ring.now + pauses.rest
            for node in ring.nodes where node.changes.count > 1_000 { node.changes.removeAll() }
        }
        for waiting in paused { ring.resume(waiting.node) }
    }

    /// - Returns: how long until all know a node that joins; nil if they do not within a minute.
    package mutating func joinTime(in ring: GossipRing) -> Duration? {
        let seed = Int.random(in: 0..<ring.nodes.count, using: &random)
        let joiner = ring.add()
        ring.join(joiner, through: seed)
        return ring.run(upTo: .seconds(60)) { ring.all(see: joiner, as: .alive) }
    }

    package mutating func joinTimes(_ count: Int) -> [Duration] {
        let ring = settledRing()
        return (0..<count).map { _ in
            defer { ring.run(.seconds(2)) }
            return joinTime(in: ring) ?? .seconds(60)
        }
    }

    /// So many nodes join one ring through one seed at the same time.
    /// - Returns: how long until all know all.
    package func crowdTime(_ count: Int) -> Duration? {
        let ring = settledRing()
        for _ in 0..<count { ring.join(ring.add(), through: 0) }
        return ring.run(upTo: .seconds(60), every: .milliseconds(100)) {
            ring.isWhole && ring.areRecordsEqual
        }
    }

    /// Splits the ring in two halves that take each other for dead, and heals it.
    /// - Returns: whether each side saw all of the other as dead, and how long until the ring was whole.
    package func healTime(after span: Duration) -> (isSplit: Bool, time: Duration?) {
        let ring = settledRing()
        let half = nodes / 2
        ring.passes = { ($0 < half) == ($1 < half) }
        run(ring, span)
        let isSplit = ring.nodes.allSatisfy {
            $0.membership.aliveCount == ($0.index < half ? half : nodes - half)
        }
        ring.passes = { _, _ in true }
        let time = ring.run(upTo: .seconds(120), every: .milliseconds(500)) {
            ring.isWhole && ring.areRecordsEqual
        }
        return (isSplit, time)
    }

    /// - Returns: what all nodes together sent while nothing happened.
    package func quietTraffic(_ span: Duration) -> GossipTraffic {
        let ring = settledRing()
        let before = ring.traffic
        ring.run(span)
        return ring.traffic - before
    }

    private func run(_ ring: GossipRing, _ span: Duration) {
        let end = ring.now + span
        while ring.now < end {
            ring.run(min(end.since(ring.now), .seconds(60)))
            for node in ring.nodes { node.changes.removeAll() }
        }
    }
}
