import Cluster
import Protocol

/// A whole ring in one thread: the real decisions of every node, under virtual time, on a network, disks and
/// clocks that a seed decides. The same plan gives the same run, event by event.
package final class World {
    static let ring = RingID(rawValue: 0x70C)
    /// Virtual time of the beginning; not zero, so that nothing mistakes it for "never".
    private static let beginning = Instant(microseconds: 1_000_000)
    /// Some hundred times what a busy ring needs.
    private static let eventsPerSecondMax = 500_000

    package let plan: Plan
    var settings: WorldSettings { plan.settings }
    private(set) var now = World.beginning
    private var queue: EventQueue<() -> Void>
    private(set) var nodes: [SimulatedNode] = []
    private(set) lazy var network = SimulatedNetwork(self, seed: plan.seed)
    private(set) lazy var checks = Checks(self)
    private(set) lazy var workload = Workload(self)
    let targets = TargetTables()
    /// The slots that exist, and the keys that clients use, by slot.
    let slots: [Slot]
    let keys: [[UInt8]]
    private var places: [NodeAddress: Int] = [:]
    private var lastCounted = Instant.zero
    private(set) var trace = Trace()
    package private(set) var failure: Failure?
    package private(set) var counters = WorldCounters()

    package init(_ plan: Plan, print: ((String) -> Void)? = nil) {
        self.plan = plan
        trace.print = print
        queue = EventQueue(seed: plan.seed)
        (slots, keys) = World.makeKeys(plan.settings)
        for _ in 0..<plan.nodes { addNode() }
        targets.fail = { [unowned self] in fail(.targets, $0) }
    }

    /// A process keeps the node that it answers through, and is kept by it.
    deinit { for node in nodes { node.letGo() } }

    private static func makeKeys(_ settings: WorldSettings) -> ([Slot], [[UInt8]]) {
        var slots: Set<Slot> = []
        var keys: [[UInt8]] = []
        var tag = 0
        while slots.count < settings.slots {
            let probe = Array("{\(tag)}".utf8)
            if slots.insert(Slot(key: probe)).inserted {
                for number in 0..<settings.keysPerSlot { keys.append(probe + Array("key\(number)".utf8)) }
            }
            tag += 1
        }
        return (slots.sorted(), keys)
    }

    // MARK: Time

    func schedule(at instant: Instant, _ run: @escaping () -> Void) { queue.insert(run, at: max(instant, now)) }
    func schedule(after span: Duration, _ run: @escaping () -> Void) { schedule(at: now + span, run) }

    /// Runs for `span`, or until something fails.
    func run(for span: Duration) {
        let end = now + span
        while failure == nil, let next = queue.popFirst(notAfter: end) {
            now = next.at
            counters.events += 1
            noticeRacing()
            next.event()
        }
        if failure == nil { now = end }
    }

    /// Nodes that answer each other without end would stop the time.
    private func noticeRacing() {
        guard counters.events % World.eventsPerSecondMax == 0 else { return }
        if now.since(lastCounted) < .seconds(1) {
            fail(.racing, "\(World.eventsPerSecondMax) events in \(now.since(lastCounted).wholeMilliseconds) ms")
        }
        lastCounted = now
    }

    /// Runs until `condition` holds; looks ten times a second.
    /// - Returns: whether it came to hold within `span`.
    func run(upTo span: Duration, until condition: () -> Bool) -> Bool {
        let end = now + span
        while failure == nil, now < end {
            if condition() { return true }
            run(for: .milliseconds(100))
        }
        return failure == nil && condition()
    }

    package var traceHash: UInt64 { trace.hash }
    package var elapsed: Duration { now.since(World.beginning) }

    // MARK: Nodes

    @discardableResult
    func addNode() -> SimulatedNode {
        let node = SimulatedNode(number: nodes.count, in: self)
        network.addNode()
        nodes.append(node)
        placesChanged(node)
        return node
    }

    func placesChanged(_ node: SimulatedNode) { places[node.address] = node.number }

    /// Whose address that is now.
    func node(at address: NodeAddress) -> Int? {
        places[address].flatMap { nodes[$0].address == address ? $0 : nil }
    }

    /// Whose address that is or was.
    func nodeEver(at address: NodeAddress) -> Int? { places[address] }

    func node(named name: NodeID) -> SimulatedNode? { nodes.first { $0.name == name } }

    /// As an operator would give them with `-join`: two nodes that are in the ring.
    func seedAddresses(for node: SimulatedNode) -> [NodeAddress] {
        nodes.filter { $0 !== node && $0.disk.ring != nil && !$0.isRetired }.prefix(2).map(\.address)
    }

    func processEnded(_ node: SimulatedNode) {
        trace.add(1, now.microseconds, UInt64(node.number))
        checks.processEnded(node)
        workload.processEnded(node)
    }

    func nodeExited(_ node: SimulatedNode, code: Int32) { checks.exited(node, code: code) }

    // MARK: What is counted

    func countOperation() { counters.operations += 1 }
    func countMaiming() { counters.maimings += 1 }
    func countUnanswered() { counters.unanswered += 1 }
    func countUnavailable() { counters.unavailable += 1 }
    func countFault() { counters.faults += 1 }
    func countConfiguration() { counters.configurations += 1 }
    func countCommit() { counters.committed += 1 }

    // MARK: What is seen

    func fail(_ law: Failure.Law, _ text: String) {
        guard failure == nil else { return }
        let new = Failure(law: law, text: text, at: elapsed)
        failure = new
        note("FAILED \(new)", node: 0)
    }

    /// For who reads the trace.
    func note(_ text: @autoclosure () -> String, node: Int) {
        trace.add(2, now.microseconds, UInt64(node))
        trace.print?("\(elapsed.wholeMilliseconds) ms  \(text())")
    }

    func trace(_ message: PeerMessage, from: NodeID, to node: SimulatedNode) {
        counters.messages += 1
        if trace.isRead, message.isTelling {
            trace.print?("\(elapsed.wholeMilliseconds) ms      \(from) to \(node): \(message)")
        }
    }

    func traceBytes(_ bytes: [UInt8], to node: SimulatedNode) {
        trace.add(3, now.microseconds, UInt64(node.number), Trace.fingerprint(bytes))
    }

    func answered(_ token: UInt64, with outcome: Outcome, by server: NodeID, at node: SimulatedNode) {
        let words = Trace.fingerprint(Array(outcome.words.utf8))
        trace.add(4, now.microseconds, UInt64(node.number), token, words)
        workload.answered(token, with: outcome, by: server, at: node)
    }
}

extension PeerMessage {
    /// Whether it is worth a line in a trace.
    fileprivate var isTelling: Bool {
        switch self {
        case .keepAlive, .records, .configurationDigests, .confirmRequest, .confirmation, .poll, .pollAnswer, .awaited,
            .statusRequest, .statusReport:
            false
        default: true
        }
    }
}
