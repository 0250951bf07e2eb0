import Protocol

@testable import Cluster

/// A few whole nodes in one thread and in virtual time, on a network that loses nothing: a ring of few slots.
final class TestNodes {
    static let ring = RingID(rawValue: 77)
    static let keys = (0..<6).map { Array("key\($0)".utf8) }
    static let slots = Array(Set(keys.map(Slot.init(key:)))).sorted()
    private static let stepTime = Duration.milliseconds(10)

    private(set) var hosts: [TestHost] = []
    private(set) var now = Instant(microseconds: 1_000_000)
    private var steps = 0
    private var seed: UInt64 = 0
    private var token: UInt64 = 0
    private var links: [(TestHost, TestHost)] = []
    private var tables: [UInt64: Targets] = [:]
    /// Whose words do not arrive.
    var isSilenced: (TestHost) -> Bool = { _ in false }

    // MARK: Nodes

    static func settings(
        _ number: Int, disk: UInt64? = nil, replicas: Int = 3, port: Int? = nil
    ) -> NodeSettings {
        let record = RingRecord.sample(
            "node\(number)", disk: disk ?? UInt64(number), port: UInt16(7000 + (port ?? number)))
        var settings = NodeSettings(member: record.member, address: record.address)
        settings.replicas = replicas
        settings.slots = slots
        settings.evictAfter = .seconds(5)
        return settings
    }

    /// The first node of the ring.
    @discardableResult
    func found(_ settings: NodeSettings = settings(1), slots: [Slot] = slots) -> TestHost {
        let host = TestHost(settings)
        start(host) { $0.found(ring: TestNodes.ring, slots: slots) }
        return host
    }

    /// A node without a ring that dials `seed`.
    @discardableResult
    func join(_ settings: NodeSettings, through seed: TestHost) -> TestHost {
        let host = TestHost(settings)
        host.seeds = [seed.settings.address]
        start(host) { _ in }
        return host
    }

    /// Another life of a node, with the same disk.
    func restart(_ old: TestHost, _ settings: NodeSettings? = nil) throws(StoreError) -> TestHost {
        let host = TestHost(settings ?? old.settings, store: old.store, remembered: old.remembered)
        hosts.removeAll { $0 === old }
        var problem: StoreError?
        start(host) { node in
            do throws(StoreError) { try node.resume() } catch { problem = error }
        }
        if let problem { throw problem }
        return host
    }

    /// A ring of `count` nodes that are all ready.
    func makeRing(_ count: Int) -> [TestHost] {
        let first = found()
        for number in 1..<count { join(TestNodes.settings(number + 1), through: first) }
        run(until: { self.hosts.allSatisfy { $0.node?.phase == .ready && $0.readyIn != nil } })
        return hosts
    }

    private func start(_ host: TestHost, _ begin: (RingNode) -> Void) {
        seed += 1
        host.start(seed: seed, now: now)
        host.makeTargets = { [unowned self] ring, replicas in targets(of: ring, replicas) }
        hosts.append(host)
        turn(host, begin)
    }

    private func targets(of ring: Ring, _ replicas: Int) -> Targets {
        if let known = tables[ring.digest] { return known }
        let table = Targets(ring: ring, replicas: replicas)
        tables[ring.digest] = table
        return table
    }

    /// Whether nothing waits at any of them. (The ring has few slots: of the others nobody knows anything.)
    func areAtRest(_ hosts: [TestHost]) -> Bool {
        hosts.allSatisfy { host in
            host.node?.status().waiting.allSatisfy { $0.what.hasPrefix("configuration") } == true
        }
    }

    /// It will not come back: another may have its name.
    func bury(_ host: TestHost) { hosts.removeAll { $0 === host } }

    func kill(_ host: TestHost) {
        host.kill()
        closeLinks(of: host)
    }

    // MARK: Time

    func turn(_ host: TestHost, _ input: (RingNode) -> Void) {
        guard host.isRunning, let node = host.node else { return }
        host.store.advance(to: now)
        node.onTime(now, Timestamp(milliseconds: now.microseconds / 1_000))
        input(node)
        node.endTurn()
    }

    func run(for span: Duration) {
        let end = now + span
        while now < end { step() }
    }

    /// - Returns: whether that came to pass in time.
    @discardableResult
    func run(until isDone: () -> Bool, within span: Duration = .seconds(30)) -> Bool {
        let end = now + span
        while !isDone() {
            guard now < end else { return false }
            step()
        }
        return true
    }

    private func step() {
        now = now + TestNodes.stepTime
        steps += 1
        for host in hosts { dial(host) }
        for host in hosts { deliver(from: host) }
        for host in hosts {
            turn(host) { node in
                node.onDurable()
                if self.steps.isMultiple(of: 5) { node.onTick() }
                guard self.steps.isMultiple(of: 20) else { return }
                for other in node.linkedNodes { host.send(.keepAlive, to: other) }
            }
        }
        for host in hosts where !host.isRunning { closeLinks(of: host) }
    }

    /// Gives `host` a client's request.
    /// - Returns: its token.
    func submit(
        _ host: TestHost, _ operation: Operation, _ key: [UInt8], at consistency: Consistency = .quorum,
        as request: ClientRequest? = nil
    ) -> UInt64 {
        token += 1
        turn(host) { [token] in
            $0.submit(operation, key: key, consistency: consistency, token: token, request: request)
        }
        return token
    }

    /// - Returns: the answer, if there is one in time.
    func ask(
        _ host: TestHost, _ operation: Operation, _ key: [UInt8], at consistency: Consistency = .quorum
    ) -> Outcome? {
        let token = submit(host, operation, key, at: consistency)
        run(until: { host.answers[token] != nil }, within: .seconds(4))
        return host.answers[token]
    }

    // MARK: Network

    private func isLinked(_ one: TestHost, _ other: TestHost) -> Bool {
        links.contains { ($0 === one && $1 === other) || ($0 === other && $1 === one) }
    }

    private func dial(_ host: TestHost) {
        guard host.isRunning, let node = host.node else { return }
        for other in host.wanted.keys.sorted() {
            if let address = host.wanted[other] { dial(from: host, to: address, intended: other) }
        }
        if node.linkedNodes.isEmpty { for seed in host.seeds { dial(from: host, to: seed, intended: nil) } }
    }

    private func dial(from host: TestHost, to address: NodeAddress, intended: NodeID?) {
        guard let target = hosts.first(where: { $0.settings.address == address && $0.isRunning }) else {
            if let intended { turn(host) { $0.onLinkRefused(by: intended) } }
            return
        }
        guard !isLinked(host, target), let hello = host.node?.hello(to: intended) else { return }
        var welcome: Welcome?
        turn(target) { welcome = $0.judge(hello) }
        switch welcome {
        case .accepted(let ring, let replicas, let record):
            guard host.node?.objection(to: ring, replicas: replicas, of: record) == nil else { return }
            guard !target.node!.linkedNodes.contains(host.id) else { return }
            links.append((host, target))
            turn(target) { $0.onLinkOpened(with: hello.record) }
            turn(host) { $0.onLinkOpened(with: record) }
        case .refused(let reason, let isFinal):
            turn(host) {
                $0.onRefusal(
                    by: target.id.text, because: reason, isFinal: isFinal,
                    introducedAs: hello.record.incarnation)
            }
        case nil: break
        }
    }

    /// The connections of `host` break; what was on its way is lost.
    func closeLinks(of host: TestHost) {
        host.messages = []
        for other in hosts { other.messages.removeAll { $0.to == host.id } }
        for (one, other) in links where one === host || other === host {
            turn(one) { $0.onLinkClosed(with: other.id) }
            turn(other) { $0.onLinkClosed(with: one.id) }
        }
        links.removeAll { $0 === host || $1 === host }
    }

    private func deliver(from host: TestHost) {
        let messages = host.messages
        let packets = host.packets
        host.messages = []
        host.packets = []
        guard !isSilenced(host) else { return }
        for (message, to) in messages {
            guard let target = hosts.first(where: { $0.id == to && isLinked(host, $0) }) else { continue }
            turn(target) { $0.onMessage(message, from: host.id) }
        }
        for (bytes, to) in packets {
            guard let target = hosts.first(where: { $0.settings.address == to }) else { continue }
            turn(target) { $0.onPacket(bytes) }
        }
    }
}
