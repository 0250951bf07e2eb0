/// Logarithms in thousandths, in integers, so that every machine computes the same times from the same
/// counts. Linear between powers of two: at most 3 % of a decade too small.
enum Logarithm {
    /// 1,000 × log2(`value`); 0 for values below 2.
    static func base2Milli(_ value: Int) -> Int {
        guard value >= 2 else { return 0 }
        let power = Int.bitWidth - 1 - value.leadingZeroBitCount
        let beyond = value - (1 << power)
        return power * 1_000 + (beyond * 1_000) >> power
    }

    /// 1,000 × log10(`value`); 0 for values below 2.
    static func base10Milli(_ value: Int) -> Int {
        base2Milli(value) * 301 / 1_000
    }
}
