/// A run as people read it.
enum RunTable {
    /// A generator that takes more of its core is no measure of the server any more.
    private static let shareMax = 0.9

    static func lines(_ result: RunResult, _ plan: RunPlan) -> [String] {
        var rows = [["ms"] + ["operations", "per second", "mean"] + Percentiles.all.map(\.name)]
        for part in result.verbs { rows.append(row(part.verb.name, part.latencies, result)) }
        if result.verbs.count > 1 { rows.append(row("all", result.latencies, result)) }
        return [head(result, plan), ""] + Words.table(rows) + [""] + notes(result, plan)
    }

    private static func head(_ result: RunResult, _ plan: RunPlan) -> String {
        let pace = plan.rate.map { "open loop at \(Words.grouped($0)) a second" } ?? "closed loop"
        let way = plan.isRouted ? " to the primaries" : ""
        return "\(plan.target.description): \(plan.connections) connections\(way), pipeline \(plan.pipeline), "
            + "\(Words.grouped(plan.keys)) keys, values of \(plan.valueSize) B, \(pace), "
            + "\(Words.fixed(Double(result.nanoseconds) / 1e9, 1)) s"
    }

    private static func row(_ name: String, _ latencies: Histogram, _ result: RunResult) -> [String] {
        let rate = Double(latencies.count) * 1e9 / Double(result.nanoseconds)
        return [name, Words.grouped(Int(clamping: latencies.count)), Words.grouped(rate), Words.fixed(latencies.mean / 1e6, 3)]
            + Percentiles.all.map { Words.milliseconds(latencies.value(at: $0.quantile)) }
    }

    private static func notes(_ result: RunResult, _ plan: RunPlan) -> [String] {
        var lines: [String] = []
        if let each = result.serverTimeEach {
            lines.append("server: \(Words.grouped(each)) ns of processor time for an operation")
        }
        lines.append(generator(result, plan))
        if result.generatorShare > shareMax {
            lines.append("the generator was nearly busy all the time: this may be its speed, not the server's")
        }
        if result.misses > 0 { lines.append("not found: \(Words.grouped(result.misses))") }
        if result.conflicts > 0 { lines.append("conflicts: \(Words.grouped(result.conflicts)) writes found another value than was read") }
        if plan.verbs.contains(.rmw), (try? plan.target.dialect(plan.wire)) != .json {
            let advice = plan.target.kind == .torc ? "; -protocol json makes it a compare-and-set" : ""
            lines.append("rmw: a read and a plain write, which may undo another one's\(advice)")
        }
        return lines + errors(result.errors)
    }

    /// What it could do is told of a closed loop only: at a given rate it mostly wakes up and sends little.
    private static func generator(_ result: RunResult, _ plan: RunPlan) -> String {
        let share = "generator: \(Words.fixed(100 * result.generatorShare, 0)) % of a core"
        guard plan.rate == nil else { return share }
        return share + "; at this load a whole one makes \(Words.grouped(result.generatorCapacity)) operations a second"
    }

    private static func errors(_ errors: ErrorTally) -> [String] {
        guard errors.count > 0 else { return ["errors: none"] }
        return ["errors: \(Words.grouped(errors.count))"]
            + errors.kinds.map { "  \(Words.grouped($0.count)) \($0.name), the first: \($0.text)" }
    }
}
