import Protocol

@testable import Cluster
import Simulator

/// Many nodes' membership on one virtual clock, with a network that delays and loses packets by a seed.
/// The same seed gives the same run.
final class VirtualRing {
    struct World {
        var loss = 0.0
        var latency: ClosedRange<Duration> = .milliseconds(1) ... .milliseconds(50)
        var tick: Duration = .milliseconds(50)
        /// Streams answer within this time; nil: there are none.
        var stream: Duration? = .milliseconds(20)
        var settings = MembershipSettings()
    }

    final class Node {
        let id: NodeID
        var membership: Membership
        var isRunning = true
        var isPaused = false
        /// What came while it was paused, as a socket would keep it.
        var socket: [[UInt8]] = []
        /// Every liveness change it reported, with its time.
        var changes: [(at: Instant, node: NodeID, liveness: Liveness)] = []
        var effects: [MembershipEffect] = []
        var disk: UInt64

        init(id: NodeID, membership: Membership, disk: UInt64) {
            self.id = id
            self.membership = membership
            self.disk = disk
        }
    }

    private enum Event {
        case tick(Int)
        case packet([UInt8], from: Int, to: NodeAddress)
        case action(() -> Void)
    }

    static let ring = RingID(rawValue: 77)

    let world: World
    private(set) var nodes: [Node] = []
    private(set) var now = Instant(microseconds: 1_000_000)
    private(set) var largestPacket = 0
    /// Whether packets and streams pass from one node to another.
    var passes: (Int, Int) -> Bool = { _, _ in true }

    private var random: Random
    private var queue: EventQueue<Event>
    private var places: [NodeAddress: Int] = [:]
    private var seeds: Random

    init(nodes count: Int, seed: UInt64, world: World = World()) {
        self.world = world
        random = Random(seed: seed)
        queue = EventQueue(seed: seed ^ 0x5EED)
        seeds = Random(seed: seed ^ 0xABCD)
        for _ in 0..<count { add() }
    }

    // MARK: What happens to nodes

    @discardableResult
    func add(status: RingRecord.Status = .active) -> Int {
        let index = nodes.count
        let record = VirtualRing.record(index, status: status)
        let node = Node(id: record.node, membership: makeMembership(record), disk: UInt64(index + 1))
        nodes.append(node)
        places[record.address] = index
        schedule(.tick(index), after: part(of: world.tick))
        return index
    }

    /// Starts every node with all records, as after an hour of quiet.
    func introduceAll() {
        let records = nodes.map { $0.membership.ownRecord }
        for node in nodes { node.membership.merge(records, now: now) }
    }

    /// As the driver does it: both sides exchange all that they know over the stream.
    func join(_ index: Int, through seed: Int) { exchange(index, seed) }

    func kill(_ index: Int) { nodes[index].isRunning = false }

    /// Comes back with its disk, its next incarnation and no memory of the ring but `known`.
    func restart(_ index: Int, incarnation: UInt64, disk: UInt64? = nil, through seed: Int) {
        let node = nodes[index]
        node.disk = disk ?? node.disk
        node.isRunning = true
        node.socket = []
        node.membership = makeMembership(
            VirtualRing.record(index, incarnation: incarnation, disk: node.disk))
        join(index, through: seed)
    }

    func pause(_ index: Int) { nodes[index].isPaused = true }

    func resume(_ index: Int) {
        let node = nodes[index]
        node.isPaused = false
        let waiting = node.socket
        node.socket = []
        for bytes in waiting { node.membership.onPacket(bytes, now: now) }
        node.membership.onTick(now: now)
        drain(index)
    }

    func input(_ index: Int, _ body: (Membership) -> Void) {
        body(nodes[index].membership)
        drain(index)
    }

    // MARK: Time

    func run(_ span: Duration) {
        let end = now + span
        while let (at, event) = queue.popFirst(notAfter: end) {
            now = at
            perform(event)
        }
        now = end
    }

    /// Runs until `condition` holds or `span` has passed.
    /// - Returns: how long it took; nil if it did not come to hold.
    func run(upTo span: Duration, until condition: () -> Bool) -> Duration? {
        let start = now
        while now.since(start) < span {
            if condition() { return now.since(start) }
            run(world.tick)
        }
        return condition() ? now.since(start) : nil
    }

    // MARK: What nodes think

    var running: [Node] { nodes.filter(\.isRunning) }

    func all(see index: Int, as liveness: Liveness) -> Bool {
        running.allSatisfy { $0.id == nodes[index].id || $0.membership.liveness(of: nodes[index].id) == liveness }
    }

    /// Whether all that run know all others that run, alive.
    var isWhole: Bool {
        running.allSatisfy { node in
            running.allSatisfy { node.membership.liveness(of: $0.id) == .alive }
        }
    }

    var areRecordsEqual: Bool {
        let first = running.first?.membership.records
        return running.allSatisfy { $0.membership.records == first }
    }

    /// How often a node was declared dead by a running node.
    var deaths: Int {
        nodes.reduce(0) { $0 + $1.changes.count { $0.liveness == .dead } }
    }

    // MARK: Inside

    static func id(_ index: Int) -> NodeID { NodeID("n\(index)") ?? NodeID("n")! }

    static func record(
        _ index: Int, status: RingRecord.Status = .active, incarnation: UInt64 = 1, disk: UInt64? = nil
    ) -> RingRecord {
        RingRecord(
            member: Member(node: id(index), disk: DiskID(rawValue: disk ?? UInt64(index + 1))),
            address: NodeAddress(host: "127.0.0.1", port: UInt16(10_000 + index)), zone: "", weight: 1,
            incarnation: incarnation, status: status)
    }

    private func makeMembership(_ record: RingRecord) -> Membership {
        Membership(
            record: record, ring: VirtualRing.ring, settings: world.settings, seed: seeds.next(), now: now)
    }

    private func perform(_ event: Event) {
        switch event {
        case .tick(let index):
            schedule(.tick(index), after: world.tick)
            guard nodes[index].isRunning, !nodes[index].isPaused else { return }
            nodes[index].membership.onTick(now: now)
            drain(index)
        case .packet(let bytes, let from, let address):
            guard let index = places[address], nodes[index].isRunning, passes(from, index) else { return }
            if nodes[index].isPaused { return nodes[index].socket.append(bytes) }
            nodes[index].membership.onPacket(bytes, now: now)
            drain(index)
        case .action(let body): body()
        }
    }

    private func drain(_ index: Int) {
        let node = nodes[index]
        for effect in node.membership.drainEffects() {
            switch effect {
            case .send(let bytes, _, let address):
                largestPacket = max(largestPacket, bytes.count)
                if Double.random(in: 0..<1, using: &random) < world.loss { continue }
                let delay = world.latency.lowerBound + part(
                    of: world.latency.upperBound - world.latency.lowerBound)
                schedule(.packet(bytes, from: index, to: address), after: delay)
            case .askStreamProbe(let target): probeOverStream(from: index, to: target)
            case .pushPull(let peer):
                guard let other = nodes.firstIndex(where: { $0.id == peer }) else { continue }
                exchange(index, other)
            case .raiseIncarnation(let incarnation):
                let membership = node.membership
                schedule(.action { [unowned self] in
                    guard node.isRunning, node.membership === membership else { return }
                    membership.onIncarnationDurable(incarnation, now: self.now)
                    self.drain(index)
                }, after: .milliseconds(1))
            case .livenessChanged(let peer, let liveness):
                node.changes.append((now, peer, liveness))
            case .recordChanged: break
            case .selfRefuted, .identityConflict, .outdated, .forgotten: node.effects.append(effect)
            }
        }
    }

    private func isOpen(_ from: Int, _ to: Int) -> Bool {
        nodes[from].isRunning && nodes[to].isRunning && !nodes[from].isPaused && !nodes[to].isPaused
            && passes(from, to) && passes(to, from)
    }

    private func probeOverStream(from: Int, to target: NodeID) {
        guard let latency = world.stream, let to = nodes.firstIndex(where: { $0.id == target }),
            isOpen(from, to)
        else { return }
        schedule(.action { [unowned self] in
            guard self.isOpen(from, to) else { return }
            self.nodes[from].membership.onContact(target, now: self.now)
            self.drain(from)
        }, after: latency)
    }

    private func exchange(_ one: Int, _ other: Int) {
        guard isOpen(one, other) else { return }
        let (first, second) = (nodes[one].membership, nodes[other].membership)
        guard first.digest != second.digest else { return }
        let fromFirst = first.allRumors()
        let fromSecond = second.allRumors()
        second.merge(fromFirst, from: nodes[one].id, now: now)
        first.merge(fromSecond, from: nodes[other].id, now: now)
        drain(one)
        drain(other)
    }

    private func schedule(_ event: Event, after span: Duration) { queue.insert(event, at: now + span) }

    private func part(of span: Duration) -> Duration { span.part(using: &random) }
}
