import Glibc
import UV

/// The nodes of a torture: which there are, and how each goes from one life to the next.
final class TortureRing {
    let loop: Loop
    let network: any RingNetwork
    private let folder: String
    private let program: String
    private let flags: [String]
    private(set) var nodes: [TortureNode] = []
    private var made = 0
    /// What is to be known of it: to the record and the terminal.
    var note: (String) -> Void = { _ in }
    /// Something happened that no ring may do.
    var fail: (String) -> Void = { _ in }
    /// Ends of nodes that nobody had asked for, but which a node may decide: a refusal by the ring.
    private(set) var refusals = 0

    init(_ loop: Loop, network: any RingNetwork, folder: String, program: String, flags: [String]) {
        self.loop = loop
        self.network = network
        self.folder = folder
        self.program = program
        self.flags = flags
    }

    /// Those that belong to the ring, or are about to.
    var members: [TortureNode] { nodes.filter { $0.phase != .gone } }
    var disturbed: [TortureNode] { members.filter(\.isDisturbed) }

    // MARK: Lives

    /// A new node, with an id that no other had.
    func add() -> TortureNode? {
        guard let place = network.makePlace() else { return nil }
        made += 1
        let node = TortureNode(
            id: "server\(made)", place: place, folder: "\(folder)/server\(made)", program: program, flags: flags)
        nodes.append(node)
        start(node)
        return node
    }

    func start(_ node: TortureNode) {
        let others = members.filter { $0 !== node && $0.phase != .down }.map(\.place.address)
        let known = members.filter { $0 !== node }.map(\.place.address)
        if !node.start(joining: Array((others.isEmpty ? known : others).prefix(3))) {
            fail("no process for \(node.id)")
        }
        touch(node)
    }

    func touch(_ node: TortureNode) { node.disturbedAt = loop.now }

    /// Looks at every process, and does what is due.
    func onTick() {
        for node in members {
            if let child = node.child, node.phase != .down, !child.isRunning() { onEnd(node, code: child.exitCode ?? -1) }
            if node.phase == .starting, node.saysReady() {
                node.phase = .running
                touch(node)
            }
            if node.wakeAt != 0, loop.turnTime >= node.wakeAt { wake(node) }
        }
    }

    private func wake(_ node: TortureNode) {
        node.wakeAt = 0
        switch node.phase {
        case .paused:
            node.signal(SIGCONT)
            node.phase = .running
            touch(node)
            note("\(node.id) goes on")
        case .down:
            note("\(node.id) starts")
            start(node)
        case .starting, .running, .stopping, .leaving, .gone: break
        }
    }

    private func onEnd(_ node: TortureNode, code: Int32) {
        touch(node)
        let phase = node.phase
        node.phase = .down
        switch (phase, code) {
        case (.leaving, 0):
            node.phase = .gone
            note("\(node.id) has left")
        case (.starting, 1) where node.isToLeave && node.lastWord().contains("this node left the ring"):
            node.phase = .gone
            note("\(node.id) had left when it was killed")
        case (.stopping, 0): note("\(node.id) has stopped")
        case (_, 128...):
            fail("\(node.id) was ended by signal \(code - 128): \(node.lastWord())")
        case (.running, _), (.paused, _):
            fail("\(node.id) ended by itself, with code \(code): \(node.lastWord())")
        default:
            refusals += 1
            note("\(node.id) ended with code \(code), starts again in 1 s: \(node.lastWord())")
            node.wakeAt = loop.turnTime + 1_000
        }
        if node.phase == .down, node.wakeAt == 0 { node.wakeAt = loop.turnTime + 100 }
    }

    // MARK: The end

    /// Has everything be as it should: nobody sleeps or is down for longer, all ways are open.
    func mend() {
        cut([])
        for node in members where node.phase == .paused || node.phase == .down { node.wakeAt = loop.turnTime }
    }

    func cut(_ ways: [(from: TortureNode, to: TortureNode)]) {
        if !network.cut(ways.map { ($0.from.place, $0.to.place) }) { fail("ways cannot be cut or opened") }
        for node in nodes where node.isCut {
            node.isCut = false
            touch(node)
        }
    }

    func end() {
        for node in nodes { node.kill() }
        network.close()
    }
}
