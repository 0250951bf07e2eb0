import Cluster
import History

/// Histories of a key that was really used, one operation at a time, by clients whose operations overlap.
struct RandomHistory {
    struct Mix {
        var clients = 3
        var operations = 6
        /// Of 100 operations, so many never get an answer; half of them took effect.
        var openPercent = 20
        /// Of 100 answered operations, so many say `done` only.
        var vaguePercent = 10
        var calls: [KeyCall] = [.get]
        var skew: Duration = .zero
    }

    private struct Active {
        let id: Int
        let call: KeyCall
        let begin: UInt64
        var result: KeyResult?
        var isApplied = false
    }

    /// In the order of the ticks: what was told to a recorder, to be told to another one as well.
    enum Event {
        case begin(Int, KeyCall, client: Int, tick: UInt64)
        case end(Int, KeyResult, tick: UInt64)
        case giveUp(Int)
        case refuse(Int)
    }

    let mix: Mix
    private(set) var events: [Event] = []
    private var random: Random
    private var active: [Active?]
    private var tick: UInt64 = 0
    private var begun = 0
    private var value: [UInt8]?
    private var expiry: UInt64?

    static func events(_ mix: Mix, seed: UInt64) -> [Event] {
        var history = RandomHistory(mix: mix, seed: seed)
        history.run()
        return history.events
    }

    private init(mix: Mix, seed: UInt64) {
        self.mix = mix
        random = Random(seed: seed)
        active = Array(repeating: nil, count: mix.clients)
    }

    /// The true time is the tick, in microseconds.
    static func time(_ tick: UInt64) -> Instant { Instant(microseconds: tick) }

    private mutating func run() {
        while begun < mix.operations || active.contains(where: { $0 != nil }) {
            tick += UInt64.random(in: 1...3, using: &random)
            advance(Int.random(in: 0..<mix.clients, using: &random))
        }
    }

    private mutating func advance(_ client: Int) {
        guard var operation = active[client] else { return begin(client) }
        if !operation.isApplied {
            if chance(mix.openPercent) { return leave(client, applying: chance(50)) }
            operation.result = apply(operation.call)
            operation.isApplied = true
            active[client] = operation
        } else {
            finish(operation, client)
        }
    }

    private mutating func begin(_ client: Int) {
        guard begun < mix.operations else { return }
        let call = mix.calls.randomElement(using: &random) ?? .get
        events.append(.begin(begun, call, client: client, tick: tick))
        active[client] = Active(id: begun, call: call, begin: tick)
        begun += 1
    }

    private mutating func leave(_ client: Int, applying: Bool) {
        guard let operation = active[client] else { return }
        active[client] = nil
        if applying {
            _ = apply(operation.call)
            events.append(.giveUp(operation.id))
        } else {
            events.append(chance(30) ? .refuse(operation.id) : .giveUp(operation.id))
        }
    }

    private mutating func finish(_ operation: Active, _ client: Int) {
        active[client] = nil
        guard var result = operation.result else { return }
        if chance(mix.vaguePercent), operation.call != .get, result != .rejected {
            if case .conflict = result {} else { result = .done }
        }
        events.append(.end(operation.id, result, tick: tick))
    }

    private mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &random) < percent
    }

    /// A clock that is off by at most the skew.
    private mutating func clock() -> UInt64 {
        let skew = Int64(mix.skew.wholeMicroseconds)
        return UInt64(max(0, Int64(tick) + Int64.random(in: -skew...skew, using: &random)))
    }

    private mutating func apply(_ call: KeyCall) -> KeyResult {
        let now = clock()
        let found = expiry.map { $0 <= now } ?? false ? nil : value
        func change(_ new: [UInt8]) {
            if found == nil { expiry = nil }
            value = new
        }
        switch call {
        case .get: return .value(found)
        case .set(let new, let ttl):
            value = new
            expiry = ttl.map { now + $0.wholeMicroseconds }
            return .done
        case .delete:
            value = nil
            expiry = nil
            return .done
        case .append(let bytes):
            let whole = (found ?? []) + bytes
            change(whole)
            return .length(whole.count)
        case .compareAndSet(let expected, let new):
            guard found == expected else { return .conflict(found) }
            value = new
            expiry = nil
            return .done
        case .add(let delta):
            guard let number = Counter.number(in: found) else { return .rejected }
            let (sum, overflow) = number.addingReportingOverflow(delta)
            if overflow { return .rejected }
            change(Counter.text(of: sum))
            return .number(sum)
        }
    }
}

extension [RandomHistory.Event] {
    func recorded(skew: Duration = .zero) -> KeyHistory {
        var history = KeyHistory(skew: skew)
        for event in self {
            switch event {
            case .begin(let id, let call, let client, let tick):
                let given = history.begin(call, client: client, at: tick, time: RandomHistory.time(tick))
                precondition(given == id)
            case .end(let id, let result, let tick):
                history.end(id, result, at: tick, time: RandomHistory.time(tick))
            case .giveUp(let id): history.giveUp(id)
            case .refuse(let id): history.refuse(id)
            }
        }
        return history
    }

    /// One answer is another one of the same kind.
    func mutated(_ random: inout Random) -> Self {
        var events = self
        let ends = indices.filter { if case .end = events[$0] { true } else { false } }
        guard let index = ends.randomElement(using: &random),
            case .end(let id, let result, let tick) = events[index]
        else { return self }
        let others: [KeyResult] = ends.compactMap {
            if case .end(_, let other, _) = events[$0] { other } else { nil }
        }
        let changed: KeyResult = switch result {
        case .value(let value):
            others.compactMap { if case .value(let other) = $0, other != value { $0 } else { nil } }
                .randomElement(using: &random) ?? .value(value == nil ? [49] : nil)
        case .number(let number): .number(number &+ Int64.random(in: -3...3, using: &random))
        case .length(let length): .length(Swift.max(0, length + Int.random(in: -2...2, using: &random)))
        case .conflict(let present): present == nil ? .done : .conflict(nil)
        case .rejected: .number(1)
        case .done, .doneExpiring: result
        }
        events[index] = .end(id, changed, tick: tick)
        return events
    }
}

extension [RandomHistory.Event] {
    /// The verdict of a checker that advances after every event.
    func checkedIncrementally(
        skew: Duration = .zero, lookahead: Int = 64, stepsMax: Int = 200_000
    ) -> IncrementalChecker {
        var checker = IncrementalChecker(skew: skew, lookahead: lookahead)
        for event in self {
            switch event {
            case .begin(_, let call, let client, let tick):
                _ = checker.begin(call, client: client, at: tick, time: RandomHistory.time(tick))
            case .end(let id, let result, let tick):
                checker.end(id, result, at: tick, time: RandomHistory.time(tick))
            case .giveUp(let id): checker.giveUp(id)
            case .refuse(let id): checker.refuse(id)
            }
            _ = checker.advance(stepsMax: stepsMax)
        }
        _ = checker.finish(stepsMax: stepsMax)
        return checker
    }
}
