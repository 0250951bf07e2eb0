import Cluster
import Protocol

/// Connections and packets between the nodes of a world: delay, loss, cuts.
final class SimulatedNetwork {
    private unowned let world: World
    private var random: Random
    private var ways: [[Way]] = []
    private var lastNumber = 0
    /// Connections that something may still happen to, in the order in which they were made.
    private var connections: [Connection] = []

    init(_ world: World, seed: UInt64) {
        self.world = world
        random = Random(seed: seed, purpose: 11)
    }

    func addNode() {
        for index in ways.indices { ways[index].append(Way()) }
        ways.append(Array(repeating: Way(), count: ways.count + 1))
    }

    private func latency(from: Int, to: Int) -> Duration {
        random.duration(in: world.settings.latency) * ways[from][to].slowness
    }

    // MARK: Packets

    func sendPacket(_ bytes: [UInt8], from: Int, to address: NodeAddress) {
        guard let to = world.node(at: address), !ways[from][to].isClogged else { return }
        if random.chance(permille: world.settings.packetLossPermille) { return }
        let copies = random.chance(permille: world.settings.packetTwicePermille) ? 2 : 1
        for _ in 0..<copies {
            world.schedule(after: latency(from: from, to: to)) { [unowned world] in
                guard !self.ways[from][to].isClogged, world.node(at: address) == to else { return }
                world.traceBytes(bytes, to: world.nodes[to])
                world.nodes[to].receive { $0.onPacket(bytes) }
            }
        }
    }

    // MARK: Connections

    func dial(_ address: NodeAddress, intended: NodeID?, from dialer: SimulatedNode, hello: Hello) -> Connection? {
        guard let to = world.nodeEver(at: address), to != dialer.number else { return nil }
        lastNumber += 1
        let connection = Connection(
            number: lastNumber, from: dialer.number, life: dialer.life, to: to, at: address,
            intended: intended, now: world.now)
        connection.introduced = hello.record.incarnation
        connections.append(connection)
        transmit(.hello(hello), over: connection, to: 1)
        return connection
    }

    /// Everything that a node says on a connection goes through here.
    func transmit(_ payload: Connection.Payload, over connection: Connection, to end: Int) {
        guard connection.brokenAt == nil else { return }
        let from = connection.ends[1 - end].node
        let to = connection.ends[end].node
        connection.ends[1 - end].lastSent = world.now
        if ways[from][to].isClogged { return connection.ends[end].parked.append(payload) }
        let at = max(
            connection.ends[end].lastArrival + .microseconds(1), world.now + latency(from: from, to: to))
        connection.ends[end].lastArrival = at
        world.schedule(at: at) { self.arrive(payload, over: connection, at: end) }
    }

    private func arrive(_ payload: Connection.Payload, over connection: Connection, at end: Int) {
        if let brokenAt = connection.brokenAt, world.now > brokenAt { return }
        let node = world.nodes[connection.ends[end].node]
        if case .hello(let hello) = payload {
            guard node.isUp, world.node(at: connection.address) == node.number else {
                return refuse(connection, by: node)
            }
            connection.ends[end].life = node.life
            return node.receive { _ in node.received(hello, on: connection) }
        }
        guard connection.ends[end].life == node.life, node.isUp, !connection.ends[end].isClosed else { return }
        switch payload {
        case .hello: break
        case .welcome(let welcome): node.receive { _ in node.received(welcome, on: connection) }
        case .message(let bytes): node.receive { _ in node.received(bytes, on: connection) }
        case .closed: node.receive { _ in node.lost(connection) }
        }
    }

    /// Nobody listens: a machine that is there says so, one that is not says nothing.
    private func refuse(_ connection: Connection, by node: SimulatedNode) {
        guard !node.isMachineDown else { return }
        let dialer = world.nodes[connection.ends[0].node]
        let life = dialer.life
        world.schedule(after: latency(from: node.number, to: dialer.number)) {
            guard dialer.life == life, !self.ways[node.number][dialer.number].isClogged else { return }
            dialer.receive { _ in dialer.wasRefused(connection) }
        }
    }

    /// One side is done with it; the other hears so after all that was sent before.
    func close(_ connection: Connection, by end: Int) {
        guard !connection.ends[end].isClosed else { return }
        connection.ends[end].isClosed = true
        transmit(.closed, over: connection, to: 1 - end)
    }

    /// It breaks now: both sides hear of that, each some time later, and nothing else.
    func snap(_ connection: Connection) {
        guard connection.brokenAt == nil else { return }
        connection.brokenAt = world.now
        for end in 0...1 {
            let node = world.nodes[connection.ends[end].node]
            let life = connection.ends[end].life
            if random.chance(permille: world.settings.unheardBreakPermille) { continue }
            world.schedule(after: random.duration(in: .zero ... .milliseconds(5))) {
                guard let life, node.life == life, node.isUp else { return }
                node.receive { _ in node.lost(connection) }
            }
        }
    }

    func breakConnections(between one: Int, and other: Int) {
        for connection in connections {
            let nodes = [connection.ends[0].node, connection.ends[1].node]
            if nodes == [one, other] || nodes == [other, one] { snap(connection) }
        }
    }

    /// The process of `node` has ended.
    /// - Parameter isSilent: its machine too, so that nobody hears of it before it is back.
    func processEnded(_ node: Int, isSilent: Bool) {
        for connection in connections where connection.brokenAt == nil {
            for end in 0...1 where connection.ends[end].node == node && !connection.ends[end].isClosed {
                if isSilent {
                    connection.ends[end].isClosed = true
                } else if random.chance(permille: 500) {
                    close(connection, by: end)
                } else {
                    snap(connection)
                }
            }
        }
        forgetTheDone()
    }

    /// A machine is back: whoever still has a connection to its earlier life hears that there is none.
    func machineIsBack(_ node: Int) {
        for connection in connections where connection.brokenAt == nil {
            if connection.ends.contains(where: { $0.node == node && $0.isClosed }) { snap(connection) }
        }
        forgetTheDone()
    }

    private func forgetTheDone() {
        connections.removeAll { $0.brokenAt != nil || $0.ends.allSatisfy(\.isClosed) }
    }

    // MARK: Ways

    func clog(from: Int, to: Int) {
        guard from != to else { return }
        ways[from][to].isClogged = true
    }

    func unclog(from: Int, to: Int) {
        guard ways[from][to].isClogged else { return }
        ways[from][to].isClogged = false
        for connection in connections {
            for end in 0...1
            where connection.ends[end].node == to && connection.ends[1 - end].node == from {
                let parked = connection.ends[end].parked
                connection.ends[end].parked.removeAll()
                for payload in parked { transmit(payload, over: connection, to: end) }
            }
        }
    }

    var cloggedWays: [(from: Int, to: Int)] {
        ways.indices.flatMap { from in
            ways[from].indices.filter { ways[from][$0].isClogged }.map { (from: from, to: $0) }
        }
    }

    func slow(from: Int, to: Int, factor: Int) { ways[from][to].slowness = max(1, factor) }

    func isClogged(from: Int, to: Int) -> Bool { ways[from][to].isClogged }

    func endSlowness() {
        for from in ways.indices { for to in ways.indices { ways[from][to].slowness = 1 } }
    }
}
