extension JSONText {
    /// What the string at `range`, quotes included, says.
    /// - Parameter bytes: UTF-8.
    static func decode(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(JSONFault) -> [UInt8] {
        guard range.count >= 2, bytes[range.lowerBound] == quote, bytes[range.upperBound - 1] == quote
        else { throw JSONFault("bad JSON: a string does not end where it should") }
        let end = range.upperBound - 1
        var at = range.lowerBound + 1
        var stop = plainEnd(bytes, from: at, to: end)
        if stop == end { return copy(bytes, at..<end) }

        var text: [UInt8] = []
        text.reserveCapacity(end - at)
        while true {
            bytes.extracting(at..<stop).withUnsafeBufferPointer { text.append(contentsOf: $0) }
            if stop == end { return text }
            guard bytes[stop] == backslash else {
                throw JSONFault(
                    bytes[stop] == quote
                        ? "bad JSON: a string does not end where it should"
                        : "bad JSON: a control character in a string")
            }
            at = try decodeEscape(bytes, from: stop, to: end, into: &text)
            stop = plainEnd(bytes, from: at, to: end)
        }
    }

    /// - Returns: where the escape at `start` ends.
    private static func decodeEscape(
        _ bytes: Span<UInt8>, from start: Int, to end: Int, into text: inout [UInt8]
    ) throws(JSONFault) -> Int {
        guard start + 1 < end else { throw JSONFault("bad JSON: an unfinished escape") }
        switch bytes[start + 1] {
        case quote, backslash, UInt8(ascii: "/"): text.append(bytes[start + 1])
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): return try decodeCodePoint(bytes, from: start, to: end, into: &text)
        default: throw JSONFault("bad JSON: an unknown escape in a string")
        }
        return start + 2
    }

    /// `\uXXXX`, or two of them that make a pair of surrogates (RFC 8259, section 7).
    private static func decodeCodePoint(
        _ bytes: Span<UInt8>, from start: Int, to end: Int, into text: inout [UInt8]
    ) throws(JSONFault) -> Int {
        let first = try codeUnit(bytes, from: start, to: end)
        guard (0xD800...0xDFFF).contains(first) else {
            append(first, to: &text)
            return start + 6
        }
        let next = start + 6
        guard first <= 0xDBFF, next + 1 < end, bytes[next] == backslash, bytes[next + 1] == UInt8(ascii: "u")
        else { throw JSONFault("lone surrogate") }
        let second = try codeUnit(bytes, from: next, to: end)
        guard (0xDC00...0xDFFF).contains(second) else { throw JSONFault("lone surrogate") }
        append(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00), to: &text)
        return next + 6
    }

    private static func codeUnit(_ bytes: Span<UInt8>, from start: Int, to end: Int) throws(JSONFault) -> UInt32 {
        guard start + 6 <= end else { throw JSONFault("bad JSON: an unfinished escape") }
        var unit: UInt32 = 0
        for index in (start + 2)..<(start + 6) {
            guard let digit = hexadecimal(bytes[index]) else {
                throw JSONFault("bad JSON: an escape \\u without four hexadecimal digits")
            }
            unit = unit << 4 | digit
        }
        return unit
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    /// - Parameter scalar: not a surrogate, at most 0x10FFFF.
    private static func append(_ scalar: UInt32, to text: inout [UInt8]) {
        func continuation(_ shift: UInt32) -> UInt8 { UInt8(0x80 | (scalar >> shift) & 0x3F) }
        switch scalar {
        case ..<0x80:
            text.append(UInt8(scalar))
        case ..<0x800:
            text.append(UInt8(0xC0 | scalar >> 6))
            text.append(continuation(0))
        case ..<0x10000:
            text.append(UInt8(0xE0 | scalar >> 12))
            text.append(continuation(6))
            text.append(continuation(0))
        default:
            text.append(UInt8(0xF0 | scalar >> 18))
            text.append(continuation(12))
            text.append(continuation(6))
            text.append(continuation(0))
        }
    }
}
