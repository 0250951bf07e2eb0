/// A run for programs.
enum RunReport {
    static func value(_ result: RunResult, _ plan: RunPlan) -> JSONValue {
        .object([
            ("target", .text(plan.target.description)),
            ("seconds", .number(Double(result.nanoseconds) / 1e9)),
            ("operations", .integer(result.count)),
            ("rate", .number(result.rate)),
            ("server_ns", result.serverTimeEach.map { .number($0) } ?? .null),
            ("generator_share", .number(result.generatorShare)),
            ("generator_capacity", .number(result.generatorCapacity)),
            ("misses", .integer(result.misses)), ("conflicts", .integer(result.conflicts)),
            ("unanswered", .integer(result.unanswered)),
            ("errors", .integer(result.errors.count)),
            ("error_kinds", .list(result.errors.kinds.map(kind))),
            ("latency_us", latencies(result.latencies)),
            ("verbs", .object(result.verbs.map { ($0.verb.name, latencies($0.latencies)) })),
        ])
    }

    static func settings(_ plan: RunPlan) -> [(String, JSONValue)] {
        var mix = "fill"
        var distribution = Distribution.uniform
        if case .mix(let parts, let chosen) = plan.load { (mix, distribution) = (parts.description, chosen) }
        return [
            ("clients", .integer(plan.connections)), ("pipeline", .integer(plan.pipeline)),
            ("keys", .integer(plan.keys)), ("size", .integer(plan.valueSize)), ("mix", .text(mix)),
            ("dist", .text(distribution.rawValue)), ("rate", plan.rate.map { .integer($0) } ?? .null),
            ("consistency", .text(plan.consistency.name)), ("wait", .integer(plan.waitReplicas)), ("cluster", .boolean(plan.isRouted)),
            ("protocol", .text(plan.wire?.rawValue ?? "its own")), ("seed", .text("\(plan.seed)")),
        ]
    }

    private static func kind(_ kind: ErrorTally.Kind) -> JSONValue {
        .object([("kind", .text(kind.name)), ("count", .integer(kind.count)), ("first", .text(kind.text))])
    }

    private static func latencies(_ histogram: Histogram) -> JSONValue {
        let parts = Percentiles.all.map { part in
            (part.name, JSONValue.number(Double(histogram.value(at: part.quantile)) / 1e3))
        }
        return .object([("count", .integer(Int(clamping: histogram.count))), ("mean", .number(histogram.mean / 1e3))] + parts)
    }
}
