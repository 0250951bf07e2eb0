import Cluster
import Protocol

/// The memberships of many nodes on one virtual clock, with a network that delays, loses, doubles and
/// reorders packets by a seed. The same seed gives the same run.
package final class GossipRing {
    package static let ring = RingID(rawValue: 77)

    package let world: GossipWorld
    package private(set) var nodes: [GossipNode] = []
    package private(set) var now = Instant(microseconds: 1_000_000)
    /// Whether packets and streams pass from one node to another.
    package var passes: (Int, Int) -> Bool = { _, _ in true }

    package internal(set) var largestPacket = 0
    /// Deaths of nodes that lived, each counted once however many came to believe it.
    package internal(set) var falseDeaths = 0
    var falselyDead: Set<GossipRing.Life> = []
    var indices: [NodeID: Int] = [:]
    /// Who listens at an address.
    var places: [NodeAddress: Int] = [:]
    var random: Random
    private var queue: EventQueue<GossipEvent>
    private var seeds: Random

    /// A node until its next refutation or start.
    struct Life: Hashable {
        let node: Int
        let incarnation: UInt64
    }

    package init(nodes count: Int, seed: UInt64, world: GossipWorld = GossipWorld()) {
        self.world = world
        random = Random(seed: seed)
        queue = EventQueue(seed: seed ^ 0x5EED)
        seeds = Random(seed: seed ^ 0xABCD)
        for _ in 0..<count { add() }
    }

    /// A node that knows only itself.
    @discardableResult
    package func add(status: RingRecord.Status = .active) -> Int {
        add(GossipRing.record(nodes.count, status: status), isTwin: false)
    }

    func add(_ record: RingRecord, isTwin: Bool) -> Int {
        let index = nodes.count
        let clock = NodeClock(drift: world.drift, using: &random)
        let node = GossipNode(
            index: index, record: record, membership: makeMembership(record, clock), clock: clock)
        nodes.append(node)
        if !isTwin { indices[node.id] = index }
        places[record.address] = index
        schedule(.tick(index), after: part(of: world.tick))
        return index
    }

    func makeMembership(_ record: RingRecord, _ clock: NodeClock) -> Membership {
        Membership(
            record: record, ring: GossipRing.ring, settings: world.settings, seed: seeds.next(),
            now: clock.reading(at: now))
    }

    // MARK: Time

    package func run(_ span: Duration) {
        let end = now + span
        while let (at, event) = queue.popFirst(notAfter: end) {
            now = at
            perform(event)
        }
        now = end
    }

    /// Runs until `condition` holds or `span` has passed; looks every `step`, or every tick.
    /// - Returns: how long it took; nil if it did not come to hold.
    package func run(
        upTo span: Duration, every step: Duration? = nil, until condition: () -> Bool
    ) -> Duration? {
        let start = now
        while now.since(start) < span {
            if condition() { return now.since(start) }
            run(step ?? world.tick)
        }
        return condition() ? now.since(start) : nil
    }

    func schedule(_ event: GossipEvent, after span: Duration) { queue.insert(event, at: now + span) }

    func part(of span: Duration) -> Duration {
        .microseconds(Int64(UInt64.random(in: 0...span.wholeMicroseconds, using: &random)))
    }

    var someLatency: Duration {
        world.latency.lowerBound + part(of: world.latency.upperBound - world.latency.lowerBound)
    }

    // MARK: Names

    package static func id(_ index: Int) -> NodeID {
        guard let id = NodeID("n\(index)") else { preconditionFailure("an index is a name") }
        return id
    }

    package static func address(_ index: Int) -> NodeAddress {
        NodeAddress(host: "10.0.\(index / 250).\(index % 250 + 1)", port: 8_081)
    }

    package static func record(
        _ index: Int, status: RingRecord.Status = .active, incarnation: UInt64 = 1, disk: UInt64? = nil,
        address: NodeAddress? = nil
    ) -> RingRecord {
        RingRecord(
            member: Member(node: id(index), disk: DiskID(rawValue: disk ?? UInt64(index + 1))),
            address: address ?? self.address(index), zone: "", weight: 1,
            incarnation: incarnation, status: status)
    }
}
