import Cluster
import History
import Protocol

/// Clients that work one operation after the other, each against a node that it can reach, and what they saw.
final class Workload {
    /// Of the search for an order of one key: some ten seconds.
    private static let stepsMax = 6_000_000
    /// How long a client waits before it takes its node for gone; a node gives up after two seconds.
    static let patience = Duration.seconds(3)

    unowned let world: World
    var ledgers: [KeyLedger] = []
    private var pending: [UInt64: AwaitedAnswer] = [:]
    /// By client: what it does next.
    private var places: [Int]
    /// What each client saw last of each register.
    private var lastSeen: [LastSeen: Entry] = [:]
    private var token: UInt64 = 0
    private var tick: UInt64 = 0
    var bursts: [Int: Burst] = [:]
    var burstCount = 0
    private var isStopped = true
    private var random: Random
    private(set) var answered = 0

    private struct LastSeen: Hashable {
        let client: Int
        let ledger: Int
    }

    init(_ world: World) {
        self.world = world
        random = Random(seed: world.plan.seed, purpose: 5)
        places = Array(repeating: 0, count: world.plan.clients.count)
        for key in world.keys {
            for kind in KeyKind.allCases {
                ledgers.append(
                    KeyLedger(key: key + [UInt8(kind.rawValue)], skew: world.settings.skewMax))
            }
        }
    }

    func start() {
        isStopped = false
        for client in places.indices { next(client) }
    }

    func stop() { isStopped = true }

    var isIdle: Bool { pending.isEmpty }

    // MARK: Asking

    func next(_ client: Int) {
        guard places[client] < world.plan.clients[client].count else { return }
        let plan = world.plan.clients[client][places[client]]
        places[client] += 1
        world.schedule(after: plan.pause) { [unowned self] in
            if !isStopped { begin(plan, of: client) }
        }
    }

    private func begin(_ plan: ClientOperation, of client: Int) {
        guard let node = pick(plan.node) else {
            // Nobody is there: it tries again later.
            return world.schedule(after: .milliseconds(100)) { [unowned self] in
                if !isStopped { begin(plan, of: client) }
            }
        }
        if case .burst(let count) = plan.kind { return begin(plan, burst: count, of: client, at: node) }
        submit(enroll(plan, of: client, at: node), isRetry: false)
    }

    func index(of plan: ClientOperation) -> Int {
        plan.key % world.keys.count * KeyKind.allCases.count + plan.keyKind.rawValue
    }

    /// The operation begins.
    /// - Returns: its token.
    func enroll(
        _ plan: ClientOperation, of client: Int, at node: SimulatedNode, burst: (number: Int, place: Int)? = nil
    ) -> UInt64 {
        token += 1
        tick += 1
        world.countOperation()
        let index = index(of: plan)
        let operation = operation(plan, client: client, ledger: index)
        // A read at one is not part of the order; a write at one may be.
        let history = plan.consistency == .one && !plan.isWrite
            ? nil
            : ledgers[index].history.begin(operation.call, client: client, at: tick, time: world.now)
        pending[token] = AwaitedAnswer(
            client: client, plan: plan, operation: operation, ledger: index, history: history,
            floor: ledgers[index].floor,
            request: RequestID(origin: RequestID.originOfClient(UInt64(client)), number: token),
            begin: world.now, burst: burst,
            retriesLeft: plan.retries, node: node.number, life: node.life)
        return token
    }

    private func pick(_ number: Int) -> SimulatedNode? {
        let ready = world.nodes.filter { $0.isRunning && $0.process?.membership != nil }
        return ready.isEmpty ? nil : ready[number % ready.count]
    }

    private func operation(_ plan: ClientOperation, client: Int, ledger: Int) -> Operation {
        let value = Array("v\(token)".utf8)
        switch plan.kind {
        case .get: return .get
        case .set: return .set(value: value, ttlMilliseconds: nil)
        case .setWithTTL(let ttl): return .set(value: value, ttlMilliseconds: max(1, ttl.wholeMilliseconds))
        case .delete: return .delete
        case .pair(let isSecondDeleted):
            let key = ledgers[ledger].key
            return .batch([
                KeyedWrite(key: key, write: Write(.set(value), for: .forever)),
                KeyedWrite(
                    key: key + [UInt8(ascii: "+")],
                    write: isSecondDeleted ? Write(.delete, for: .forever) : Write(.append(value), for: .kept)),
            ])
        case .add(let number): return .add(number)
        case .append: return .append(value + [UInt8(ascii: ";")])
        case .compareAndSet:
            guard let seen = lastSeen[LastSeen(client: client, ledger: ledger)] else {
                return .compareAndSet(expect: .absent, value: value)
            }
            return .compareAndSet(expect: .value(seen.value), value: value)
        case .swapTwins:
            let seen = lastSeen[LastSeen(client: client, ledger: ledger)]
            return Workload.twins(ledgers[ledger].key, value, seen: seen, isBlind: false)
        case .setTwins: return Workload.twins(ledgers[ledger].key, value, seen: nil, isBlind: true)
        case .getTwins:
            let key = ledgers[ledger].key
            return .query(.entries([key, Workload.twin(of: key)]))
        case .burst: preconditionFailure("a burst is of others")
        }
    }

    /// How many bytes it appends.
    func bytesAppended(by token: UInt64) -> Int {
        guard case .write(let write)? = pending[token]?.operation, case .append(let piece) = write.action else { return 0 }
        return piece.count
    }

    func submit(_ token: UInt64, isRetry: Bool) {
        guard let item = pending[token] else { return }
        let node = world.nodes[item.node]
        let request = item.plan.isWrite ? ClientRequest(id: item.request, isRetry: isRetry) : nil
        let key = ledgers[item.ledger].key
        world.note("client \(item.client) asks \(node): \(item.operation.words) (\(token))", node: node.number)
        node.receive { process in
            // Half of all GETs, by the way that those of pipelines take.
            if token % 2 == 0, item.operation == .get, node.readTogether(key, item.plan.consistency, token: token) { return }
            process.submit(
                item.operation, key: key, consistency: item.plan.consistency, token: token, request: request)
        }
        let attempt = item.retriesLeft
        if let patience = item.plan.patience, attempt > 0 {
            world.schedule(after: patience) { [unowned self] in
                if pending[token]?.retriesLeft == attempt { retryOrGiveUp(token) }
            }
        }
        world.schedule(after: Workload.patience) { [unowned self] in
            if pending[token]?.retriesLeft == attempt { noAnswer(token) }
        }
    }

    // MARK: Answers

    func answered(_ token: UInt64, with outcome: Outcome, by server: NodeID, at node: SimulatedNode) {
        // An answer to an attempt that was given up counts as well, as long as the client waits.
        guard let item = pending[token] else { return }
        world.note("client \(item.client) hears of \(token) by \(server): \(outcome.words)", node: node.number)
        switch outcome {
        case .unavailable:
            world.countUnavailable()
            if item.node == node.number { retryOrGiveUp(token) }
        case .busy:
            finish(token, nil, isRefused: item.retriesLeft == item.plan.retries)
        default:
            guard let result = outcome.result(of: item.operation) else {
                return world.fail(.answer, "\(item.operation.words) was answered \(outcome.words)")
            }
            check(outcome, item)
            switch outcome {
            case .found(let entry): lastSeen[LastSeen(client: item.client, ledger: item.ledger)] = entry
            case .notFound: lastSeen[LastSeen(client: item.client, ledger: item.ledger)] = nil
            case .answer(.entries(let entries)):
                lastSeen[LastSeen(client: item.client, ledger: item.ledger)] = entries.first ?? nil
            default: break
            }
            finish(token, result)
        }
    }

    private func noAnswer(_ token: UInt64) {
        guard let item = pending[token] else { return }
        world.countUnanswered()
        let node = world.nodes[item.node]
        if item.wasThere, node.life == item.life, node.isRunning {
            let what = "\(item.operation.words) (\(token)) of client \(item.client)"
            world.fail(.hang, "\(node) has not answered \(what)")
        }
        retryOrGiveUp(token)
    }

    private func retryOrGiveUp(_ token: UInt64) {
        guard var item = pending[token] else { return }
        guard item.retriesLeft > 0, let node = pick(item.plan.node + item.retriesLeft) else {
            return finish(token, nil)
        }
        item.retriesLeft -= 1
        item.node = node.number
        item.life = node.life
        item.wasThere = true
        pending[token] = item
        submit(token, isRetry: true)
    }

    /// - Parameter result: nil: nobody will know, or (`isRefused`) nothing was done.
    private func finish(_ token: UInt64, _ result: KeyResult?, isRefused: Bool = false) {
        guard let item = pending.removeValue(forKey: token) else { return }
        tick += 1
        answered += 1
        if let history = item.history {
            let isNothing = isRefused || result == .some(Outcome.unknownConflict)
            if isNothing || (result == nil && !item.plan.isWrite) {
                ledgers[item.ledger].history.refuse(history)
            } else if let result, item.plan.consistency != .one {
                ledgers[item.ledger].history.end(history, result, at: tick, time: world.now)
            }
        }
        if result != nil { copyLate(item) }
        if let burst = item.burst { ended(burst, result) } else { next(item.client) }
    }

    /// Once in a while a sending was stuck on its way, and arrives long after its retry was answered.
    private func copyLate(_ item: AwaitedAnswer) {
        guard item.plan.isWrite, random.chance(permille: 20) else { return }
        world.schedule(after: random.duration(in: .seconds(1) ... .seconds(30))) { [unowned self] in
            guard world.failure == nil, !isStopped, let node = pick(Int.random(in: 0..<1_000, using: &random)) else { return }
            token += 1
            let key = ledgers[item.ledger].key
            let request = ClientRequest(id: item.request, isRetry: false)
            world.note("a copy of \(item.request.words) of client \(item.client) arrives at \(node)", node: node.number)
            node.receive { [token] process in
                process.submit(
                    item.operation, key: key, consistency: item.plan.consistency, token: token, request: request)
            }
        }
    }

    /// The node sleeps or has ended: who waits for it need not be answered.
    func wasAway(_ node: SimulatedNode) {
        for token in pending.keys where pending[token]?.node == node.number { pending[token]?.wasThere = false }
    }

    func processEnded(_ node: SimulatedNode) { wasAway(node) }

    // MARK: The whole histories

    /// Has each key's history searched for an order.
    func checkHistories() {
        // Until it is found, what has rotted may be shown, and be computed with.
        for ledger in ledgers
        where world.failure == nil && world.checks.model(of: ledger.slot)?.hasLost != true
            && !world.checks.rot.keys.contains(ledger.key)
        {
            let kind = KeyKind(rawValue: Int(ledger.key.last ?? 0)).map { "\($0) " } ?? ""
            let key = kind + String(decoding: ledger.key.dropLast(), as: UTF8.self)
            switch ledger.history.check(stepsMax: Workload.stepsMax) {
            case .linearizable: break
            case .illegal(let explanation):
                world.fail(.linearizable, "\(key) has no order:\n\(explanation)")
            case .undecided(let steps):
                world.fail(
                    .undecided,
                    "\(key): no verdict in \(steps) steps on \(ledger.history.operations.count) operations")
            }
        }
    }
}
