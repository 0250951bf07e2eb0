/// What was done in a run, in words.
struct TortureReport {
    let counters: WorkloadCounters
    let faults: [FaultKind: Int]
    let refusals: Int

    var lines: [String] {
        let kinds = FaultKind.allCases.compactMap { kind in faults[kind].map { "\(kind.rawValue) \($0)" } }
        return [
            "operations: \(counters.begun) begun, \(counters.reads) reads and \(counters.writes) writes answered, "
                + "\(counters.refused) refused, \(counters.unknown) without an answer, \(counters.repeated) sent again "
                + "(\(counters.hungUp) since the client hung up)",
            "faults: \(kinds.isEmpty ? "none" : kinds.joined(separator: ", "))"
                + (refusals == 0 ? "" : "; \(refusals) starts or leaves were refused by the ring"),
            "longest wait of a client of an undisturbed node: \(counters.longestWait) ms",
        ]
    }
}
