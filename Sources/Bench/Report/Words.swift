/// Numbers as people read them.
enum Words {
    /// `1,234,567`
    static func grouped(_ number: Int) -> String {
        var digits = String(number.magnitude)
        var at = digits.count - 3
        while at > 0 {
            digits.insert(",", at: digits.index(digits.startIndex, offsetBy: at))
            at -= 3
        }
        return (number < 0 ? "-" : "") + digits
    }

    static func grouped(_ number: Double) -> String { grouped(Int(bounded(number).rounded())) }

    /// `3.14`
    static func fixed(_ number: Double, _ places: Int) -> String {
        var factor = 1.0
        for _ in 0..<places { factor *= 10 }
        let scaled = Int(bounded(number * factor).rounded())
        guard places > 0 else { return "\(scaled)" }
        let digits = String(scaled.magnitude)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return (scaled < 0 ? "-" : "") + padded.dropLast(places) + "." + padded.suffix(places)
    }

    /// Nanoseconds in milliseconds.
    static func milliseconds(_ nanoseconds: UInt64) -> String { fixed(Double(nanoseconds) / 1e6, 3) }

    /// Columns of equal width; the first is words, the others are numbers and end in line.
    static func table(_ rows: [[String]]) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            row.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 ? row[column] + padding : padding + row[column]
            }.joined(separator: "  ")
        }
    }

    /// What an `Int` can hold, and 0 for what is no number.
    private static func bounded(_ number: Double) -> Double {
        number.isFinite ? min(max(number, -9e18), 9e18) : 0
    }
}
