/// Interleaved runs of two servers, and what the first is of the second.
struct Comparison {
    struct Ratio: Equatable {
        /// Of the medians of all runs.
        let median: Double
        /// The least and the greatest of a single round.
        let least: Double
        let greatest: Double

        /// - Parameter rounds: what both sides measured, round by round; at least one, and none of 0.
        init?(_ rounds: [(ours: Double, theirs: Double)]) {
            let single = rounds.filter { $0.theirs > 0 }.map { $0.ours / $0.theirs }
            guard single.count == rounds.count, let least = single.min(), let greatest = single.max() else { return nil }
            median = Comparison.median(rounds.map(\.ours)) / Comparison.median(rounds.map(\.theirs))
            (self.least, self.greatest) = (least, greatest)
        }
    }

    private(set) var rounds: [(ours: RunResult, theirs: RunResult)] = []

    mutating func add(_ ours: RunResult, _ theirs: RunResult) { rounds.append((ours, theirs)) }

    var rate: Ratio? { Ratio(rounds.map { ($0.ours.rate, $0.theirs.rate) }) }

    /// Of the processor time for an operation; nil unless both are known.
    var serverTime: Ratio? {
        let pairs = rounds.compactMap { round -> (Double, Double)? in
            guard let ours = round.ours.serverTimeEach, let theirs = round.theirs.serverTimeEach else { return nil }
            return (ours, theirs)
        }
        return pairs.count == rounds.count ? Ratio(pairs) : nil
    }

    /// Of a latency, by its quantile.
    func latency(at quantile: Double) -> Ratio? {
        Ratio(rounds.map { (Double($0.ours.latencies.value(at: quantile)), Double($0.theirs.latencies.value(at: quantile))) })
    }

    /// Of an even number the mean of the middle two; 0 of none.
    static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    // MARK: As people and programs read it

    private var ratios: [(name: String, key: String, ratio: Ratio?)] {
        [
            ("operations a second", "rate", rate), ("processor time for one", "server_ns", serverTime),
            ("p50", "p50", latency(at: 0.5)), ("p99", "p99", latency(at: 0.99)), ("p99.99", "p99.99", latency(at: 0.9999)),
        ]
    }

    func lines(_ ours: String, _ theirs: String) -> [String] {
        var rows = [["\(ours) ÷ \(theirs)", "ratio", "least", "greatest"]]
        for (name, _, ratio) in ratios {
            guard let ratio else { continue }
            rows.append([name] + [ratio.median, ratio.least, ratio.greatest].map { Words.fixed($0, 2) })
        }
        let counts = rounds.reduce(0) { $0 + $1.ours.errors.count + $1.theirs.errors.count }
        return ["medians of \(rounds.count) interleaved runs of each, with the least and the greatest ratio of a round", ""]
            + Words.table(rows) + ["", "errors: \(counts == 0 ? "none" : Words.grouped(counts))"]
    }

    var value: JSONValue {
        .object(ratios.map { _, key, ratio in
            guard let ratio else { return (key, .null) }
            return (key, .object([("median", .number(ratio.median)), ("least", .number(ratio.least)), ("greatest", .number(ratio.greatest))]))
        })
    }
}
