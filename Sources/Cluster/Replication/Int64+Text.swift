/// Decimal text as a computer writes it: no sign but `-`, no leading zero, no space, no `-0`. Without a `String`, since
/// each INCR reads and writes one.
extension Int64 {
    private static let textBytesMax = 20

    /// Nil: the text is not that of a number, or of one that does not fit.
    init?(text: [UInt8]) {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = text[(isNegative ? 1 : 0)...]
        guard let first = digits.first, digits.count < Self.textBytesMax else { return nil }
        guard first != UInt8(ascii: "0") || text.count == 1 else { return nil }
        // Below zero there is one number more than above.
        var negated: Int64 = 0
        for byte in digits {
            let (tenfold, isTooMuch) = negated.multipliedReportingOverflow(by: 10)
            let digit = Int64(byte) - Int64(UInt8(ascii: "0"))
            guard (0...9).contains(digit), !isTooMuch else { return nil }
            let (next, isTooLow) = tenfold.subtractingReportingOverflow(digit)
            guard !isTooLow else { return nil }
            negated = next
        }
        guard isNegative || negated != .min else { return nil }
        self = isNegative ? negated : -negated
    }

    var text: [UInt8] {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.textBytesMax) { buffer in
            var first = buffer.count
            var rest = magnitude
            repeat {
                first -= 1
                buffer[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            if self < 0 {
                first -= 1
                buffer[first] = UInt8(ascii: "-")
            }
            return Array(buffer[first...])
        }
    }
}
