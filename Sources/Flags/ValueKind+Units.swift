extension ValueKind where Value == Duration {
    /// Numbers with units, largest first or not: `500ms`, `30s`, `1m`, `2h`, `1m30s`. A bare `0` is none.
    package static var duration: ValueKind {
        ValueKind(parse: parseDuration, format: formatDuration)
    }

    /// Milliseconds of each unit.
    private static var units: [(name: String, size: Int64)] {
        [("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)]
    }

    private static func parseDuration(_ text: String) throws(InvalidValue) -> Duration {
        let wrong = InvalidValue("not a duration such as 500ms, 30s, 1m or 2h")
        if text == "0" { return .zero }
        guard !text.isEmpty else { throw wrong }
        var rest = text[...]
        var total: Int64 = 0
        while !rest.isEmpty {
            let (number, unit, after) = splitNumber(rest)
            guard let number, let size = units.first(where: { $0.name == unit })?.size else { throw wrong }
            let (product, overflow) = number.multipliedReportingOverflow(by: size)
            let (sum, overflowOfSum) = total.addingReportingOverflow(product)
            guard !overflow, !overflowOfSum else { throw InvalidValue("too long a duration") }
            total = sum
            rest = after
        }
        return .milliseconds(total)
    }

    private static func formatDuration(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
        guard milliseconds != 0 else { return "0" }
        for unit in units where milliseconds % unit.size == 0 {
            return "\(milliseconds / unit.size)\(unit.name)"
        }
        return "\(milliseconds)ms"
    }
}

extension ValueKind where Value == Int {
    /// A size in bytes: `512`, `64KiB`, `64MiB`, `1GiB`, `1TiB`, or with the decimal units kB, MB, GB, TB.
    package static var bytes: ValueKind {
        ValueKind(parse: parseBytes, format: formatBytes)
    }

    private static var units: [(name: String, size: Int)] {
        [
            ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
            ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000),
            ("B", 1), ("", 1),
        ]
    }

    private static func parseBytes(_ text: String) throws(InvalidValue) -> Int {
        let (number, unit, rest) = splitNumber(text[...])
        guard let number, rest.isEmpty,
            let size = units.first(where: { $0.name.lowercased() == unit.lowercased() })?.size
        else { throw InvalidValue("not a size such as 512KiB, 64MiB or 1GiB") }
        let (product, overflow) = Int(number).multipliedReportingOverflow(by: size)
        guard !overflow else { throw InvalidValue("too large a size") }
        return product
    }

    private static func formatBytes(_ bytes: Int) -> String {
        for unit in units.prefix(4) where bytes != 0 && bytes % unit.size == 0 {
            return "\(bytes / unit.size)\(unit.name)"
        }
        return "\(bytes)B"
    }
}

/// The digits that `text` begins with, the letters that follow them, and what is left. The number is nil
/// where there are no digits or too many.
private func splitNumber(_ text: Substring) -> (number: Int64?, unit: Substring, rest: Substring) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let unit = text[digits.endIndex...].prefix { $0.isASCII && $0.isLetter }
    return (Int64(digits), unit, text[unit.endIndex...])
}
