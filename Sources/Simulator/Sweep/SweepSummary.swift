/// What a sweep came to.
package struct SweepSummary: Sendable {
    package private(set) var runs = 0
    package private(set) var elapsed = Duration.zero
    package private(set) var counters = WorldCounters()
    package private(set) var failed: [RunResult] = []

    package init() {}

    package mutating func add(_ result: RunResult) {
        runs += 1
        elapsed += result.elapsed
        counters += result.counters
        if result.failure != nil { failed.append(result) }
    }
}
