import Cluster

/// Numbers as a table of results shows them.
enum Figures {
    static func row(_ what: String, _ measured: String, _ goal: String, _ verdict: String) -> String {
        let columns = [(what, 22), (measured, 46), (goal.isEmpty ? "" : "goal \(goal)", 18)]
        let text = columns.reduce("  ") { $0 + padded($1.0, to: $1.1) } + verdict
        return String(text.reversed().drop { $0 == " " }.reversed())
    }

    static func quantiles(_ times: [Duration]) -> String {
        let sorted = times.sorted()
        guard let last = sorted.last else { return "none" }
        return "p50 \(seconds(quantile(50, of: sorted))), p99 \(seconds(quantile(99, of: sorted))), "
            + "max \(seconds(last)), n \(sorted.count)"
    }

    /// The nearest rank.
    static func quantile(_ percent: Int, of sorted: [Duration]) -> Duration {
        sorted[max((sorted.count * percent + 99) / 100, 1) - 1]
    }

    static func seconds(_ span: Duration) -> String {
        let hundredths = Int(span.wholeMicroseconds / 10_000)
        guard hundredths % 100 != 0 else { return "\(hundredths / 100) s" }
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) s"
    }

    static func milliseconds(_ span: Duration) -> String { "\(span.wholeMicroseconds / 1_000) ms" }

    static func percent(_ part: Double) -> String { "\(tenths(part * 100)) %" }

    static func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 1))
    }
}
