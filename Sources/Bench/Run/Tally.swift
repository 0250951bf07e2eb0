/// What is counted while a run goes on.
struct Tally {
    private var latencies: [Histogram]
    private let slots: [Int]
    private let verbs: [Verb]
    private(set) var errors = ErrorTally()
    var misses = 0
    var conflicts = 0
    private(set) var unanswered = 0
    /// Operations that came to an end, failed ones included.
    private(set) var finished = 0

    init(verbs: [Verb]) {
        self.verbs = verbs
        latencies = verbs.map { _ in Histogram() }
        slots = Verb.allCases.map { verb in verbs.firstIndex(of: verb) ?? 0 }
    }

    mutating func record(_ verb: Verb, _ nanoseconds: UInt64) {
        latencies[slots[Int(verb.rawValue)]].record(nanoseconds)
        finished += 1
    }

    mutating func fail(_ text: String, times: Int = 1) {
        errors.add(text, times: times)
        finished += times
    }

    /// Not of an operation.
    mutating func note(_ text: String) { errors.add(text) }

    /// Of one that did not come to an end: it took at least so long.
    mutating func giveUp(_ verb: Verb, after nanoseconds: UInt64) {
        latencies[slots[Int(verb.rawValue)]].record(nanoseconds)
        unanswered += 1
        fail("no reply: still none when the run was given up")
    }

    var all: Histogram { latencies.reduce(into: Histogram()) { $0.merge($1) } }

    var ofVerbs: [RunResult.OfVerb] {
        zip(verbs, latencies).map { RunResult.OfVerb(verb: $0, latencies: $1) }
    }
}
