import Cluster

/// Checks the history of one key while it is made, in memory that is bounded by what is under way, what stays
/// open and how much is ambiguous; `KeyHistory.check` gives the same verdict at the end.
///
/// It follows the beginnings and ends in the order of their ticks, and keeps all `Possibility`s that explain
/// the answers so far: none, and the history is illegal. An operation is followed when its fate is known; so
/// the checker stays behind as far as the beginning of the oldest operation without answer. Whoever gives up
/// after some time bounds that.
package struct IncrementalChecker: Sendable {
    private struct Entry {
        var operation: KeyOperation
        var isDecided: Bool
    }

    private struct Event {
        let id: Int
        let isEnd: Bool
        let tick: UInt64
    }

    private static let recentMax = 20
    private static let laterMax = 64

    private let skew: Duration
    private let lookahead: Int
    // Looked up only.
    private var entries: [Int: Entry] = [:]
    private var events: [Event] = []
    private var firstEvent = 0
    private var begun = 0

    private var pending: [OngoingOperation] = []
    private var possibilities = [Possibility.beginning]
    private var recent: [KeyOperation] = []
    private var isFinished = false
    package private(set) var verdict = Verdict.linearizable
    package private(set) var steps = 0

    /// - Parameters:
    ///   - skew: how far any clock is from true time at most.
    ///   - lookahead: it stays behind by at least so many beginnings and ends: what was read later tells
    ///     which of many ways things went, above all for lists, whose appends tell lengths only.
    package init(skew: Duration = .zero, lookahead: Int = 64) {
        self.skew = skew
        self.lookahead = lookahead
    }

    /// How much it keeps.
    package var possibilitiesCount: Int { possibilities.count }
    package var waitingCount: Int { events.count - firstEvent }

    /// As in `KeyHistory`.
    package mutating func begin(
        _ call: KeyCall, client: Int = 0, at tick: UInt64, time: Instant = .zero
    ) -> Int {
        let id = begun
        begun += 1
        let operation = KeyOperation(
            id: id, client: client, call: call, begin: tick, beginTime: time, skew: skew)
        entries[id] = Entry(operation: operation, isDecided: false)
        events.append(Event(id: id, isEnd: false, tick: tick))
        return id
    }

    package mutating func end(_ id: Int, _ result: KeyResult, at tick: UInt64, time: Instant = .zero) {
        guard entries[id] != nil else { return }
        entries[id]?.operation.finish(result, at: tick, time: time, skew: skew)
        entries[id]?.isDecided = true
        events.append(Event(id: id, isEnd: true, tick: tick))
    }

    /// Nobody will learn how it ended: it may take effect at any time after its beginning, or never.
    package mutating func giveUp(_ id: Int) { entries[id]?.isDecided = true }

    /// It certainly did nothing, and never will.
    package mutating func refuse(_ id: Int) { entries[id] = nil }

    /// Goes as far as is known. A verdict other than linearizable is final.
    /// - Parameter stepsMax: for each end of an operation.
    package mutating func advance(stepsMax: Int = 200_000) -> Verdict {
        let kept = isFinished ? 0 : lookahead
        while firstEvent + kept < events.count, verdict == .linearizable,
            follow(events[firstEvent], stepsMax)
        {
            firstEvent += 1
        }
        if firstEvent > 256 {
            events.removeFirst(firstEvent)
            firstEvent = 0
        }
        return verdict
    }

    /// What has no answer yet never gets one: the end of the history.
    package mutating func finish(stepsMax: Int = 200_000) -> Verdict {
        isFinished = true
        return advance(stepsMax: stepsMax)
    }

    /// - Returns: whether that was possible already.
    private mutating func follow(_ event: Event, _ stepsMax: Int) -> Bool {
        guard let entry = entries[event.id] else { return true }
        if event.isEnd {
            entries[event.id] = nil
            close(entry.operation, stepsMax)
            return true
        }
        guard entry.isDecided || isFinished else { return false }
        if entry.operation.isOpen { entries[event.id] = nil }
        open(entry.operation)
        return true
    }
}

extension IncrementalChecker {
    private mutating func open(_ operation: KeyOperation) {
        if operation.isOpen && operation.isPure { return }
        let twin = pending.last { $0.operation.isTwin(of: operation) }?.operation.id
        pending.append(OngoingOperation(operation: operation, twin: twin))
        if operation.isPure { possibilities = possibilities.map { $0.placingPureOnes(of: pending) } }
    }

    private mutating func close(_ operation: KeyOperation, _ stepsMax: Int) {
        guard let end = operation.end else { return }
        var search = Extension(
            to: operation, at: end, pending: pending, later: later, stepsMax: stepsMax)
        for possibility in possibilities { search.extend(possibility) }
        steps += search.steps
        let results = search.results
        if search.isExhausted {
            verdict = .undecided(steps: search.steps)
        } else if results.isEmpty {
            verdict = .illegal(explanation: explanation(of: operation))
        } else {
            pending.removeAll { $0.operation.id == operation.id }
            possibilities = results.map { $0.placingPureOnes(of: pending) }
            remember(operation)
            forgetTakenOnes()
        }
    }

    private var later: Later {
        let known = events[firstEvent...].prefix(Self.laterMax)
        let beginnings = known.filter { !$0.isEnd }
        return Later(
            operations: beginnings.compactMap { entries[$0.id]?.operation }, until: known.last?.tick ?? 0)
    }

    /// An open operation that every possibility has placed is as good as completed.
    private mutating func forgetTakenOnes() {
        guard var taken = possibilities.first?.placed else { return }
        taken.removeAll { id in
            !pending.contains { $0.operation.id == id && $0.operation.isOpen }
                || !possibilities.allSatisfy { $0.hasPlaced(id) }
        }
        for id in taken {
            pending.removeAll { $0.operation.id == id }
            possibilities = possibilities.map { $0.forgetting(id) }
        }
    }

    private mutating func remember(_ operation: KeyOperation) {
        recent.append(operation)
        if recent.count > Self.recentMax { recent.removeFirst() }
    }

    private func explanation(of operation: KeyOperation) -> String {
        let end = operation.end ?? .max
        let shown = recent + pending.map { candidate in
            candidate.operation.end.map { $0 > end } ?? false
                ? candidate.operation.reopened() : candidate.operation
        }
        return Explanation.text(
            shown.sorted { $0.begin < $1.begin }, culprit: operation.id, states: possibilities.map(\.state))
    }
}

extension IncrementalChecker {
    /// A whole history at once.
    static func check(_ operations: [KeyOperation], stepsMax: Int) -> Verdict {
        var checker = IncrementalChecker()
        var events: [Event] = []
        for operation in operations {
            checker.entries[operation.id] = Entry(operation: operation, isDecided: true)
            events.append(Event(id: operation.id, isEnd: false, tick: operation.begin))
            if let end = operation.end { events.append(Event(id: operation.id, isEnd: true, tick: end)) }
        }
        checker.events = events.sorted { $0.tick < $1.tick }
        return checker.finish(stepsMax: stepsMax)
    }
}
