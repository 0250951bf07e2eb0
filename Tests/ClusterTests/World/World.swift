import Foundation
import Protocol

@testable import Cluster

/// A small ring in virtual time: real decisions, a seeded network, stores that forget what was not synced.
final class World {
    private struct Event {
        let time: Instant
        let order: UInt64
        let run: () -> Void
    }

    private(set) var settings: ReplicatorSettings
    let replicas: Int
    private(set) var nodes: [WorldNode] = []
    private(set) var now = Instant(microseconds: 1_000_000)
    var random: Random
    private var events: [Event] = []
    private var order: UInt64 = 0
    /// Open connections: the number of each, and when its last message arrives, by direction.
    private var connections: [Pair: UInt64] = [:]
    private var arrival: [Pair: Instant] = [:]
    private var connectionNumber: UInt64 = 0
    private var newestRing = Ring()
    /// Connections that lost something: nothing that is sent later may arrive on them.
    private var doomed: Set<UInt64> = []
    var isCut: (NodeID, NodeID) -> Bool = { _, _ in false }
    private let isTraced = ProcessInfo.processInfo.environment["TORC_TRACE"] != nil
    private(set) var failures: [String] = []
    private var decided: [SlotEpoch: Configuration] = [:]

    struct Pair: Hashable {
        let from: NodeID
        let to: NodeID
    }
    struct SlotEpoch: Hashable {
        let slot: Slot
        let epoch: Epoch
    }

    let keys: [[UInt8]]
    let slots: [Slot]

    init(seed: UInt64, nodes count: Int, replicas: Int = 3, keys: Int = 3) {
        random = Random(seed: seed)
        self.replicas = replicas
        settings = ReplicatorSettings()
        if seed % 3 == 0 {
            // Copies instead of logs, in many pieces.
            settings.backlogBytesMax = 200
            settings.chunkBytesMax = 16
            settings.appendBytesMax = 100
        }
        self.keys = (0..<keys).map { Array("key\($0)".utf8) }
        slots = Array(Set(self.keys.map(Slot.init(key:)))).sorted()
        for number in 1...count { add(number) }
        every(.milliseconds(20)) { $0.connectAll() }
        every(.milliseconds(100)) { world in
            for node in world.nodes where node.isUp && !node.isPaused {
                for other in world.nodes where other !== node { node.send(.keepAlive, to: other.member.node) }
            }
        }
        every(.milliseconds(50)) { world in
            for node in world.nodes { world.turn(node) { world.tick($0) } }
        }
    }

    func fail(_ what: String) { failures.append("at \(now.microseconds / 1000) ms: \(what)") }

    /// TORC_TRACE=1 shows what happens.
    func note(_ what: @autoclosure () -> String) {
        if isTraced { print("\(now.microseconds / 1000) ms  \(what())") }
    }

    // MARK: Time

    func after(_ delay: Duration, _ run: @escaping () -> Void) {
        order += 1
        let event = Event(time: now + delay, order: order, run: run)
        var low = 0
        var high = events.count
        while low < high {
            let middle = (low + high) / 2
            // Latest first, so that the next one is taken from the end.
            if (events[middle].time, events[middle].order) > (event.time, event.order) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        events.insert(event, at: low)
    }

    private func every(_ interval: Duration, _ run: @escaping (World) -> Void) {
        after(interval) { [unowned self] in
            run(self)
            every(interval, run)
        }
    }

    func run(for span: Duration) {
        let end = now + span
        while let event = events.last, event.time <= end {
            events.removeLast()
            now = event.time
            event.run()
        }
        now = end
    }

    func milliseconds(_ range: ClosedRange<Int64>) -> Duration {
        .microseconds(Int64.random(in: (range.lowerBound * 1000)...(range.upperBound * 1000), using: &random))
    }

    // MARK: Nodes

    @discardableResult
    func add(_ number: Int) -> WorldNode {
        let node = WorldNode("node\(number)", disk: UInt64(number))
        node.store.syncTime = { [unowned self] in milliseconds(0...3) }
        node.sendOut = { [unowned self] message, to in send(message, from: node.member.node, to: to) }
        nodes.append(node)
        return node
    }

    func start(_ node: WorldNode, founding: Bool = false) {
        note("\(node.member) starts")
        node.start(now: now, settings: settings, seed: random.next(), replicas: replicas)
        turn(node) { node in if founding { node.replicator?.found(self.slots) } }
    }

    func crash(_ node: WorldNode) {
        guard node.isUp else { return }
        node.isPaused = false
        note("\(node.member) crashes")
        node.stop()
        node.store.crash { count in Int.random(in: 0...count, using: &self.random) }
        for other in nodes where other !== node { disconnect(node, other, refused: true) }
    }

    /// Everybody learns of these members, each a little later than the other.
    func setMembers(_ members: [WorldNode]) {
        note("members \(members.map(\.member))")
        var ring = Ring()
        for node in members {
            ring.merge(
                RingRecord(
                    member: node.member, address: NodeAddress(host: "localhost", port: 1), zone: "",
                    weight: 1, incarnation: 1, status: .active))
        }
        newestRing = ring
        for node in nodes {
            after(milliseconds(0...200)) { [self] in
                node.ring = newestRing
                turn(node) { node in
                    // Who slept hears of the newest last, whatever came between.
                    let ring = self.newestRing
                    node.replicator?.onTargets(Targets(ring: ring, replicas: self.replicas))
                }
            }
        }
    }

    func turn(_ node: WorldNode, _ input: @escaping (WorldNode) -> Void) {
        guard node.isUp else { return }
        if node.isPaused {
            after(.milliseconds(10)) { [self] in turn(node, input) }
            return
        }
        node.store.advance(to: now)
        node.replicator?.onTime(now, Timestamp(milliseconds: now.microseconds / 1000))
        input(node)
        node.endTurn()
        check(node)
        if let due = node.store.nextDue { wake(node, at: due) }
    }

    private func wake(_ node: WorldNode, at due: Instant) {
        after(due.since(now)) { [self] in
            guard node.isUp, let next = node.store.nextDue, next <= now else { return }
            turn(node) { $0.replicator?.onDurable() }
        }
    }

    private func tick(_ node: WorldNode) {
        node.replicator?.onTick(now: now, wallTime: Timestamp(milliseconds: now.microseconds / 1000))
        node.coordinator?.onTick()
    }

    // MARK: Network

    private func connectAll() {
        for (index, one) in nodes.enumerated() {
            for other in nodes[(index + 1)...] where one.isUp && other.isUp {
                guard !one.isPaused, !other.isPaused else { continue }
                let pair = Pair(from: one.member.node, to: other.member.node)
                guard !isCut(pair.from, pair.to) else { continue }
                if let number = connections[pair] {
                    if doomed.remove(number) != nil { disconnect(one, other, refused: false) }
                    continue
                }
                connectionNumber += 1
                connections[pair] = connectionNumber
                connections[Pair(from: pair.to, to: pair.from)] = connectionNumber
                arrival[pair] = now
                arrival[Pair(from: pair.to, to: pair.from)] = now
                open(one, other)
                open(other, one)
            }
        }
    }

    private func open(_ node: WorldNode, _ other: WorldNode) {
        turn(node) { node in
            node.replicator?.onSessionOpened(with: other.member, now: self.now)
            node.coordinator?.onSessionOpened(with: other.member.node)
        }
    }

    func disconnect(_ one: WorldNode, _ other: WorldNode, refused: Bool) {
        let pair = Pair(from: one.member.node, to: other.member.node)
        connections[pair] = nil
        connections[Pair(from: pair.to, to: pair.from)] = nil
        for (node, peer) in [(one, other), (other, one)] {
            after(milliseconds(0...3)) { [self] in
                turn(node) { node in
                    // A node that slept may hear of the end only after a new beginning.
                    let pair = Pair(from: node.member.node, to: peer.member.node)
                    guard self.connections[pair] == nil else { return }
                    node.replicator?.onSessionClosed(with: peer.member.node, now: self.now)
                    node.coordinator?.onSessionClosed(with: peer.member.node)
                    if refused, !peer.isUp {
                        node.replicator?.onRefused(peer.member.node, now: self.now)
                    }
                }
            }
        }
    }

    private func send(_ message: PeerMessage, from: NodeID, to: NodeID) {
        let pair = Pair(from: from, to: to)
        guard let number = connections[pair], !doomed.contains(number) else { return }
        if isCut(from, to) {
            doomed.insert(number)
            return
        }
        let time = max(arrival[pair] ?? now, now + milliseconds(0...4))
        arrival[pair] = time
        let encoded = roundTrip(message)
        after(time.since(now)) { [self] in deliver(encoded, pair, number) }
    }

    private func deliver(_ message: PeerMessage, _ pair: Pair, _ number: UInt64) {
        guard connections[pair] == number, !doomed.contains(number), let node = nodes.first(where: { $0.member.node == pair.to })
        else { return }
        turn(node) { node in
            guard self.connections[pair] == number else { return }
            node.replicator?.onMessage(message, from: pair.from, now: self.now)
        }
    }

    /// Every message goes through its form on the wire.
    private func roundTrip(_ message: PeerMessage) -> PeerMessage {
        var writer = ByteWriter()
        writer.write(message)
        var reader = ByteReader(writer.bytes)
        do {
            let decoded: PeerMessage = try reader.read()
            if decoded != message || !reader.isAtEnd { fail("\(message) changed on the wire") }
            return decoded
        } catch {
            fail("\(message) does not decode: \(error)")
            return message
        }
    }

    // MARK: Laws that hold at every moment

    private func check(_ node: WorldNode) {
        guard let replicator = node.replicator else { return }
        for slot in slots {
            guard let configuration = replicator.configuration(of: slot) else { continue }
            let place = SlotEpoch(slot: slot, epoch: configuration.epoch)
            if let known = decided[place], known != configuration {
                fail("slot \(slot) has two configurations of epoch \(configuration.epoch)")
            }
            if decided.updateValue(configuration, forKey: place) == nil {
                note("slot \(slot) epoch \(configuration.epoch): \(configuration.members), base \(configuration.base)")
            }
        }
    }
}
