import Cluster

/// What clients did to one key and what they were told. Whoever records it keeps one per key: a history is
/// linearizable when that of each key is.
package struct KeyHistory: Sendable {
    /// In the order of their beginning; nil: refused.
    private var entries: [KeyOperation?] = []
    private let skew: Duration

    /// - Parameter skew: how far any clock is from true time at most. It widens `ExpiryWindow`s.
    package init(skew: Duration = .zero) { self.skew = skew }

    /// Without those that were refused.
    package var operations: [KeyOperation] { entries.compactMap { $0 } }

    /// - Parameters:
    ///   - tick: of a counter that every beginning and every end moves on.
    ///   - time: the world's true time; it never goes back.
    /// - Returns: the operation, for what is said of it later. Until then it is open.
    package mutating func begin(
        _ call: KeyCall, client: Int = 0, at tick: UInt64, time: Instant = .zero
    ) -> Int {
        let id = entries.count
        entries.append(
            KeyOperation(
                id: id, client: client, call: call, begin: tick, beginTime: time, skew: skew))
        return id
    }

    package mutating func end(_ id: Int, _ result: KeyResult, at tick: UInt64, time: Instant = .zero) {
        entries[id]?.finish(result, at: tick, time: time, skew: skew)
    }

    /// Nobody will learn how it ended: it stays open.
    package mutating func giveUp(_ id: Int) {}

    /// It certainly did nothing, and never will.
    package mutating func refuse(_ id: Int) { entries[id] = nil }

    /// The search is quick where there is an order, and may look long for one where there is none; there the
    /// incremental checker is often quicker. So each has a short try before the search has a long one.
    /// - Parameter stepsMax: of the long one. A history that it finds illegal is searched some ten times
    ///   more, for the shortest part that is.
    package func check(stepsMax: Int = 2_000_000) -> Verdict {
        let operations = operations
        var short = LinearizationSearch(operations)
        switch short.run(stepsMax: min(stepsMax, Self.shortSteps)) {
        case .linearizable: return .linearizable
        case .illegal: return illegal(operations, stepsMax)
        case .undecided where stepsMax <= Self.shortSteps: return .undecided(steps: short.steps)
        case .undecided: break
        }
        let verdict = IncrementalChecker.check(operations, stepsMax: Self.shortSteps)
        if case .undecided = verdict {} else { return verdict }
        var search = LinearizationSearch(operations)
        switch search.run(stepsMax: stepsMax) {
        case .linearizable: return .linearizable
        case .illegal: return illegal(operations, stepsMax)
        case .undecided: return .undecided(steps: search.steps)
        }
    }

    private static let shortSteps = 50_000

    private func illegal(_ operations: [KeyOperation], _ stepsMax: Int) -> Verdict {
        let prefix = ShortestPrefix.find(in: operations, stepsMax: stepsMax)
        return .illegal(explanation: Explanation.text(prefix.operations, culprit: prefix.culprit))
    }
}
