extension ValueKind where Value == Int {
    /// A number of things, at least 1: `500`, `10k`, `1M`, `2G`.
    package static var count: ValueKind {
        ValueKind(parse: parseCount, format: formatCount)
    }

    private static var factors: [(suffix: String, factor: Int)] {
        [("G", 1_000_000_000), ("M", 1_000_000), ("k", 1_000)]
    }

    private static func parseCount(_ text: String) throws(InvalidValue) -> Int {
        let suffix = factors.first { text.lowercased().hasSuffix($0.suffix.lowercased()) }
        let digits = suffix == nil ? text[...] : text.dropLast()
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits), number > 0
        else { throw InvalidValue("not a number such as 500, 10k or 1M") }
        let (product, overflow) = number.multipliedReportingOverflow(by: suffix?.factor ?? 1)
        guard !overflow else { throw InvalidValue("too large a number") }
        return product
    }

    private static func formatCount(_ count: Int) -> String {
        for (suffix, factor) in factors where count > 0 && count % factor == 0 { return "\(count / factor)\(suffix)" }
        return "\(count)"
    }
}
