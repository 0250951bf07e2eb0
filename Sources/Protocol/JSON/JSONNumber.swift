/// Numbers as JSON writes them (RFC 8259, section 6).
enum JSONNumber {
    /// Whether `text` is one, whole.
    static func isNumber(_ text: Span<UInt8>) -> Bool {
        var at = 0
        if at < text.count, text[at] == UInt8(ascii: "-") { at += 1 }
        let whole = digits(text, from: at)
        guard whole > at, text[at] != UInt8(ascii: "0") || whole == at + 1 else { return false }
        at = whole
        if at < text.count, text[at] == UInt8(ascii: ".") {
            let fraction = digits(text, from: at + 1)
            guard fraction > at + 1 else { return false }
            at = fraction
        }
        if at < text.count, text[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < text.count, text[at] == UInt8(ascii: "-") || text[at] == UInt8(ascii: "+") { at += 1 }
            let exponent = digits(text, from: at)
            guard exponent > at else { return false }
            at = exponent
        }
        return at == text.count
    }

    /// Seconds as milliseconds: rounded, at least 1. Nil unless positive and at most `Limits.ttlSecondsMax`.
    /// - Parameter text: a number.
    static func milliseconds(ofSeconds text: Span<UInt8>) -> UInt64? {
        let string = text.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        guard let seconds = Double(string), seconds > 0, seconds <= Double(Limits.ttlSecondsMax)
        else { return nil }
        return max(UInt64(seconds * 1000 + 0.5), 1)
    }

    /// A whole number as it stands, without fraction and exponent; nil where it is none or out of range.
    static func integer<Integer: FixedWidthInteger>(_ text: Span<UInt8>) -> Integer? {
        text.withUnsafeBufferPointer { Integer(String(decoding: $0, as: UTF8.self)) }
    }

    /// Appends milliseconds as seconds, exactly.
    static func append(seconds milliseconds: UInt64, to output: inout [UInt8]) {
        append(milliseconds / 1000, to: &output)
        var rest = milliseconds % 1000
        guard rest > 0 else { return }
        output.append(UInt8(ascii: "."))
        var unit: UInt64 = 100
        while rest > 0 {
            output.append(UInt8(ascii: "0") + UInt8(rest / unit))
            rest %= unit
            unit /= 10
        }
    }

    static func append(_ value: Int64, to output: inout [UInt8]) {
        if value < 0 { output.append(UInt8(ascii: "-")) }
        append(value.magnitude, to: &output)
    }

    static func append(_ value: UInt64, to output: inout [UInt8]) {
        output.append(upTo: Digits.countMax) { Digits.write(value, to: $0) }
    }

    private static func digits(_ text: Span<UInt8>, from start: Int) -> Int {
        var at = start
        while at < text.count, text[at] >= UInt8(ascii: "0"), text[at] <= UInt8(ascii: "9") { at += 1 }
        return at
    }
}
