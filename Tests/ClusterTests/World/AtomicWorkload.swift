import Foundation
import Protocol

@testable import Cluster

/// Impatient clients that count, append and compare-and-set, and send a write again, to whatever node, when
/// its answer is late or unknown.
///
/// What must hold: each write takes effect at most once, and once if it was acknowledged; whoever gets an
/// answer for a request id gets the same one.
final class AtomicWorkload {
    private enum Kind {
        case add
        case append(element: String)
        case swap(from: Int, to: Int)
    }

    private struct Request {
        let client: Int
        let kind: Kind
        let key: [UInt8]
        let operation: Operation
        var sendings = 0
        var answer: WriteAnswer?
        var isOver = false
    }

    /// Tokens of the other workload are lower.
    private static let firstToken: UInt64 = 1 << 40

    private typealias Operation = Protocol.Operation

    private let world: World
    private var requests: [RequestID: Request] = [:]
    /// In the order of their beginnings.
    private var order: [RequestID] = []
    private var tokens: [UInt64: RequestID] = [:]
    private var token = AtomicWorkload.firstToken
    /// What each client has last heard of the register.
    private var known: [Int]
    private(set) var answered = 0
    var isStopped = false

    init(_ world: World, clients: Int) {
        self.world = world
        known = Array(repeating: 0, count: clients)
        for node in world.nodes {
            let other = node.finish
            node.finish = { [unowned self] token, outcome in
                if token >= Self.firstToken { finish(token, outcome) } else { other(token, outcome) }
            }
        }
        for client in 0..<clients { next(client) }
    }

    // In the slots of the keys of the other workload.
    private func key(_ name: String) -> [UInt8] { Array("{key0}\(name)".utf8) }

    private func next(_ client: Int) {
        world.after(world.milliseconds(5...60)) { [self] in
            if !isStopped { begin(client) }
        }
    }

    private func begin(_ client: Int) {
        let id = RequestID(origin: 1_000_000 + UInt64(client), number: UInt64(order.count))
        let (kind, name, operation): (Kind, String, Operation)
        switch Int.random(in: 0..<3, using: &world.random) {
        case 0: (kind, name, operation) = (.add, "count", .add(1))
        case 1:
            let element = "[\(id.number)]"
            (kind, name, operation) = (.append(element: element), "list", .append(Array(element.utf8)))
        default:
            let old = known[client]
            let expectation: Expectation = old == 0 ? .absent : .value(Array(String(old).utf8))
            (kind, name) = (.swap(from: old, to: old + 1), "register")
            operation = .compareAndSet(expect: expectation, value: Array(String(old + 1).utf8))
        }
        requests[id] = Request(client: client, kind: kind, key: key(name), operation: operation)
        order.append(id)
        send(id)
    }

    private func send(_ id: RequestID) {
        guard var request = requests[id], !request.isOver else { return }
        let ready = world.nodes.filter(\.isUp)
        guard request.sendings < 8, let node = ready.randomElement(using: &world.random) else {
            return end(id)
        }
        request.sendings += 1
        requests[id] = request
        token += 1
        let mine = token
        tokens[mine] = id
        let named = ClientRequest(id: id, isRetry: request.sendings > 1)
        world.turn(node) { node in
            node.coordinator?.submit(
                request.operation, key: request.key, consistency: .quorum, token: mine, request: named)
        }
        // Some do not wait for long.
        let patience = world.milliseconds(2...800)
        world.after(patience) { [self] in send(id) }
    }

    private func finish(_ token: UInt64, _ outcome: Outcome) {
        guard let id = tokens.removeValue(forKey: token), let request = requests[id] else { return }
        let answer: WriteAnswer
        switch outcome {
        case .written(_, _, let number): answer = .written(number: number)
        case .conflict(.nothing): answer = .conflict(with: nil)
        case .conflict(.entry(let entry)):
            answer = .conflict(with: entry.version)
            known[request.client] = Int(String(decoding: entry.value, as: UTF8.self)) ?? 0
        case .conflict(.replaced(let version)): answer = .conflict(with: version)
        case .busy, .unavailable: return
        default: return world.fail("\(request.operation) was answered \(outcome)")
        }
        if let first = request.answer {
            if first != answer { world.fail("\(id) was answered \(first), then \(answer)") }
            return
        }
        requests[id]?.answer = answer
        answered += 1
        if case (.swap(_, let to), .written) = (request.kind, answer) { known[request.client] = to }
        end(id)
    }

    private func end(_ id: RequestID) {
        guard let request = requests[id], !request.isOver else { return }
        requests[id]?.isOver = true
        next(request.client)
    }

    // MARK: The laws, once everything is settled

    func check() {
        checkCounter(text("count"))
        checkList(text("list"))
        checkRegister(Int(text("register")) ?? 0)
    }

    /// As the slot's primary has it.
    private func text(_ name: String) -> String {
        let key = key(name)
        let slot = Slot(key: key)
        let primary = world.nodes.first { $0.replicator?.configuration(of: slot)?.primary == $0.member }
        let entry = primary?.store.entry(in: slot, key: key)
        return String(decoding: entry?.value ?? [], as: UTF8.self)
    }

    private func checkCounter(_ text: String) {
        var tried = 0
        var numbers: [Int64] = []
        for id in order {
            guard let request = requests[id], case .add = request.kind else { continue }
            tried += 1
            guard let answer = request.answer else { continue }
            guard case .written(let number?) = answer else {
                world.fail("\(id) of a counter was answered \(answer)")
                continue
            }
            numbers.append(number)
        }
        let count = Int(text) ?? 0
        if Set(numbers).count != numbers.count { world.fail("two additions came to one number: \(numbers)") }
        if count < numbers.count || count > tried {
            world.fail("the counter is \(text) after \(numbers.count) to \(tried) additions")
        }
    }

    private func checkList(_ text: String) {
        for id in order {
            guard let request = requests[id], case .append(let element) = request.kind else { continue }
            let times = text.components(separatedBy: element).count - 1
            if times > 1 { world.fail("\(element) was appended \(times) times") }
            guard let answer = request.answer else { continue }
            guard case .written(let length?) = answer, text.prefix(Int(length)).hasSuffix(element) else {
                world.fail("\(element) was answered \(answer) and is not there: \(text)")
                continue
            }
        }
    }

    private func checkRegister(_ last: Int) {
        var winners: Set<Int> = []
        for id in order {
            guard let request = requests[id], case .swap(_, let to) = request.kind,
                case .written = request.answer
            else { continue }
            if !winners.insert(to).inserted { world.fail("two compare-and-sets made the register \(to)") }
            if to > last { world.fail("the register is \(last), and \(to) was acknowledged") }
        }
    }
}
