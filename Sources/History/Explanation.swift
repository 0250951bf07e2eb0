/// A history for people, as far as it matters: its last operations, one a line.
enum Explanation {
    private static let linesMax = 14

    /// - Parameters:
    ///   - operations: in the order of their beginning.
    ///   - culprit: the one whose answer no order explains.
    ///   - states: what the key could hold before that, where it is known.
    static func text(_ operations: [KeyOperation], culprit: Int?, states: [KeyState] = []) -> String {
        var shown = Array(operations.suffix(linesMax))
        if let culprit, !shown.contains(where: { $0.id == culprit }) {
            shown = operations.filter { $0.id == culprit } + shown.dropFirst()
        }
        var lines = ["no order of these operations explains their answers:"]
        if shown.count < operations.count {
            lines.append("  (\(operations.count - shown.count) others before or beside them)")
        }
        lines += shown.map { "  \($0)" + ($0.id == culprit ? "   <- not explained" : "") }
        if !states.isEmpty {
            let some = states.prefix(4).map(\.description).joined(separator: ", or ")
            lines.append("  before, the key held \(some)\(states.count > 4 ? ", or …" : "")")
        }
        return lines.joined(separator: "\n")
    }
}
