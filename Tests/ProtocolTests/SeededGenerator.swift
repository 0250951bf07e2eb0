/// SplitMix64: the same seed gives the same test data everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    /// Text with everything that JSON treats specially: quotes, backslashes, control characters, and
    /// characters of one to four bytes.
    mutating func text(_ count: Int) -> String {
        let pool: [Unicode.Scalar] = [
            "\"", "\\", "/", "\u{0}", "\u{1}", "\u{8}", "\u{9}", "\u{A}", "\u{C}", "\u{D}", "\u{1F}", "\u{7F}", "a", "Z",
            "{", "}", "[", "]", ":", ",", "é", "ß", "€", "\u{2028}", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "😀", "\u{10FFFF}",
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<count {
            let pick = Int.random(in: 0..<(pool.count * 2), using: &self)
            text.append(pick < pool.count ? pool[pick] : Unicode.Scalar(UInt8.random(in: 0x20...0x7E, using: &self)))
        }
        return String(text)
    }
}
