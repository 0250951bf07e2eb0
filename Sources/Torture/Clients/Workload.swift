import History
import UV

/// What all clients do, and its record.
final class Workload {
    private enum Mode {
        case writing, stopped
        /// Every key once.
        case reading([String])
    }

    /// For how long a write without an answer is sent again: nanoseconds.
    private static let patience: UInt64 = 20_000_000_000

    private let loop: Loop
    private let record: HistoryWriter
    private var maker: OperationMaker
    private var mode = Mode.stopped
    private var sessions: [Session] = []
    /// The nodes that clients may choose.
    var nodes: () -> [TortureNode] = { [] }
    private(set) var counters = WorkloadCounters()

    init(_ loop: Loop, record: HistoryWriter, seed: UInt64, kinds: [KeyKind]) {
        self.loop = loop
        self.record = record
        maker = OperationMaker(seed: seed, kinds: kinds)
    }

    // MARK: Its course

    func start(clients: Int) {
        mode = .writing
        sessions = (1...clients).map { Session($0, self, loop) }
        goOn()
    }

    func stop() { mode = .stopped }

    /// Reads every key, for the record's end.
    func readAll() {
        record.write(Record.final, at: loop.now)
        mode = .reading(maker.pool.all.reversed())
        goOn()
    }

    func end() {
        for session in sessions { session.end() }
        sessions = []
    }

    /// Whether there is nothing to do and nothing under way.
    var isIdle: Bool {
        if case .reading(let keys) = mode, !keys.isEmpty { return false }
        return sessions.allSatisfy(\.isIdle)
    }

    private func goOn() { for session in sessions { session.goOn() } }

    // MARK: For sessions

    func node() -> TortureNode? { maker.pick(nodes()) }

    func next(for client: Int) -> Pending? {
        switch mode {
        case .stopped: return nil
        case .writing:
            let (key, call) = maker.next(client: client)
            return Pending(key: key, call: call, name: call == .get ? nil : maker.name(client: client))
        case .reading(var keys):
            guard let key = keys.popLast() else { return nil }
            mode = .reading(keys)
            return Pending(key: key, call: .get)
        }
    }

    func begin(_ pending: Pending, client: Int, at node: TortureNode) -> Pending {
        var pending = pending
        pending.begun = loop.now
        pending.operation = record.begin(
            pending.call, key: pending.key, client: client, node: node.id, at: pending.begun)
        counters.begun += 1
        return pending
    }

    func finish(_ pending: Pending, with result: KeyResult, at node: TortureNode) {
        guard let operation = pending.operation else { return }
        record.write({ .end(operation: operation, time: $0, result: result) }, at: loop.now)
        if pending.isRead { counters.reads += 1 } else { counters.writes += 1 }
        if !pending.isUncertain { noteWait(pending, at: node) }
        switch (pending.call, result) {
        case (.get, .value(let value)), (_, .conflict(let value)): maker.saw(pending.key, value)
        case (.set(let value, _), .done), (.compareAndSet(_, let value), .done): maker.saw(pending.key, value)
        default: break
        }
    }

    private func noteWait(_ pending: Pending, at node: TortureNode) {
        guard !node.isDisturbed, node.disturbedAt < pending.begun else { return }
        counters.longestWait = max(counters.longestWait, (loop.now - pending.begun) / 1_000_000)
    }

    /// - Returns: what the client goes on with; nil: it is done with it.
    func onRefusal(_ pending: Pending, _ reason: String, at node: TortureNode) -> Pending? {
        // That nothing was done is said of the last sending only.
        guard !pending.isUncertain else { return onNoAnswer(pending, reason, at: node) }
        noteWait(pending, at: node)
        return onNothingDone(pending, reason)
    }

    func onNothingDone(_ pending: Pending, _ reason: String) -> Pending? {
        guard let operation = pending.operation else { return nil }
        record.write({ .refused(operation: operation, time: $0, reason: reason) }, at: loop.now)
        counters.refused += 1
        return isReading(pending) ? Pending(key: pending.key, call: .get) : nil
    }

    /// - Parameter node: where one said that it does not know; nil: none said anything.
    func onNoAnswer(_ pending: Pending, _ reason: String, at node: TortureNode?) -> Pending? {
        // It was not even sent.
        guard let operation = pending.operation else { return pending }
        if pending.isRead { return onNothingDone(pending, reason) }
        if let node, !pending.isUncertain { noteWait(pending, at: node) }
        if pending.name != nil, loop.now - pending.begun < Workload.patience {
            counters.repeated += 1
            var again = pending
            again.isUncertain = true
            return again
        }
        record.write({ .unknown(operation: operation, time: $0, reason: reason) }, at: loop.now)
        counters.unknown += 1
        return nil
    }

    private func isReading(_ pending: Pending) -> Bool {
        if case .reading = mode { pending.isRead } else { false }
    }

    /// How long after this sending the client hangs up and sends again elsewhere, although its node is well, as happens
    /// to clients of every network; nil: it waits. A write that has a name only, and only once.
    func hangsUp(on pending: Pending) -> Duration? {
        guard pending.name != nil, !pending.isUncertain, maker.milliseconds(0...99) < 2 else { return nil }
        counters.hungUp += 1
        return .milliseconds(maker.milliseconds(1...4))
    }

    /// Whether a client that is content with its node goes to another one.
    func wantsChange() -> Bool { maker.milliseconds(0...99) < 2 }

    func pause(afterRefusal: Bool) -> Duration {
        if case .reading = mode { return .milliseconds(afterRefusal ? 100 : 1) }
        return .milliseconds(maker.milliseconds(afterRefusal ? 20...200 : 1...30))
    }
}
