import Client

/// The status of a ring as people read it.
enum StatusTable {
    private static let header = [
        "NODE", "ADDRESS", "ZONE", "STATUS", "LIVENESS", "TARGETS", "HOLDS", "KEYS", "BYTES",
    ]
    /// Columns from here on are numbers, and end in line.
    private static let firstNumber = 5

    static func lines(of status: TorcStatus) -> [String] {
        var lines: [String] = []
        if !status.ring.isEmpty {
            lines.append("ring: " + status.ring.map { "\($0.name) \($0.value)" }.joined(separator: ", "))
        }
        lines += table([header] + status.nodes.map(row))
        for item in status.waiting {
            let reason = item.waitingFor.isEmpty ? "" : ": waiting for \(item.waitingFor)"
            lines.append("\(item.node.isEmpty ? "ring" : item.node): \(item.what)\(reason)")
        }
        if status.waiting.isEmpty { lines.append("nothing waits") }
        return lines
    }

    private static func row(_ node: TorcStatus.Node) -> [String] {
        let numbers = [node.targets, node.holds, node.keys, node.bytes].map { $0.map(String.init) ?? "?" }
        return [node.id, node.addr, node.zone.isEmpty ? "-" : node.zone, node.status, node.liveness] + numbers
    }

    private static func table(_ rows: [[String]]) -> [String] {
        let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                return column < firstNumber ? row[column] + padding : padding + row[column]
            }
            return cells.joined(separator: "  ")
        }
    }
}
