import Protocol

@testable import Cluster

/// Clients that work one operation after another on few keys, and the histories they leave.
final class Workload {
    private let world: World
    /// Whether some writes want every member.
    private let asksForAll: Bool
    private var pending: [UInt64: (client: Int, key: Int, kind: HistoryOperation.Kind, begin: Int)] = [:]
    private var token: UInt64 = 0
    private var clock = 0
    private(set) var histories: [Int: [HistoryOperation]] = [:]
    private(set) var answered = 0
    private(set) var unavailable = 0
    private(set) var longestWait = Duration.zero
    private var begun: [UInt64: Instant] = [:]
    var isStopped = false

    init(_ world: World, clients: Int, asksForAll: Bool = true) {
        self.asksForAll = asksForAll
        self.world = world
        for node in world.nodes { attach(node) }
        for client in 0..<clients { next(client) }
    }

    func attach(_ node: WorldNode) {
        node.finish = { [unowned self] token, outcome in finish(token, outcome) }
    }

    private func next(_ client: Int) {
        world.after(world.milliseconds(5...40)) { [self] in
            if !isStopped { begin(client) }
        }
    }

    private func begin(_ client: Int) {
        let ready = world.nodes.filter { $0.isUp && !$0.isPaused }
        guard let node = ready.randomElement(using: &world.random) else { return next(client) }
        let key = Int.random(in: 0..<world.keys.count, using: &world.random)
        token += 1
        clock += 1
        let value = Array("value\(token)".utf8)
        let (operation, kind): (Operation, HistoryOperation.Kind) =
            switch Int.random(in: 0..<10, using: &world.random) {
            case 0..<4: (.set(value: value, ttlMilliseconds: nil), .write(value))
            case 4: (.delete, .write(nil))
            default: (.get, .read(nil))
            }
        let level: Consistency =
            asksForAll && operation.isWrite && Int.random(in: 0..<8, using: &world.random) == 0 ? .all : .quorum
        let mine = token
        pending[mine] = (client, key, kind, clock)
        begun[mine] = world.now
        world.turn(node) { node in
            node.coordinator?.submit(
                operation, key: self.world.keys[key], consistency: level, token: mine)
        }
        // The node may crash or sleep: then nobody answers.
        world.after(.seconds(4)) { [self] in finish(mine, .unavailable("no answer")) }
    }

    private func finish(_ token: UInt64, _ outcome: Outcome) {
        guard let operation = pending.removeValue(forKey: token) else { return }
        clock += 1
        switch (outcome, operation.kind) {
        case (.found(let entry), .read):
            add(operation, kind: .read(entry.value), end: clock)
        case (.notFound, .read):
            add(operation, kind: .read(nil), end: clock)
        case (.written, .write):
            add(operation, kind: operation.kind, end: clock)
        case (.unavailable, .write):
            unavailable += 1
            add(operation, kind: operation.kind, end: nil)
        case (.unavailable, .read):
            unavailable += 1
        case (.busy, _):
            break
        default:
            world.fail("\(operation.kind) was answered \(outcome)")
        }
        if case .unavailable = outcome {} else {
            answered += 1
            if let begin = begun[token] { longestWait = max(longestWait, world.now.since(begin)) }
        }
        begun[token] = nil
        next(operation.client)
    }

    private func add(
        _ operation: (client: Int, key: Int, kind: HistoryOperation.Kind, begin: Int),
        kind: HistoryOperation.Kind, end: Int?
    ) {
        histories[operation.key, default: []].append(
            HistoryOperation(kind: kind, begin: operation.begin, end: end))
    }

    func check() {
        for (key, history) in histories.sorted(by: { $0.key < $1.key })
        where !RegisterChecker.isLinearizable(history) {
            world.fail("key \(key) has no linearization:\n\(shortestWrong(history))")
        }
    }

    /// The end of the shortest part of the history that is already wrong.
    private func shortestWrong(_ history: [HistoryOperation]) -> String {
        var part: [HistoryOperation] = []
        for end in history.compactMap(\.end).sorted() {
            part = history.filter { $0.begin <= end }.map {
                $0.end ?? .max > end ? HistoryOperation(kind: $0.kind, begin: $0.begin, end: nil) : $0
            }.filter { $0.end != nil || $0.kind.isWrite }
            if !RegisterChecker.isLinearizable(part) { break }
        }
        return part.sorted { $0.begin < $1.begin }.suffix(14).map(\.description).joined(separator: "\n")
    }
}
