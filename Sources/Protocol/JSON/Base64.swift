/// Base64 with the standard alphabet and padding (RFC 4648, section 4).
package enum Base64 {
    package static func append(_ bytes: [UInt8], to output: inout [UInt8]) {
        output.reserveCapacity(output.count + (bytes.count + 2) / 3 * 4)
        var at = 0
        while at < bytes.count {
            let rest = bytes.count - at
            let group = UInt32(bytes[at]) << 16
                | (rest > 1 ? UInt32(bytes[at + 1]) << 8 : 0)
                | (rest > 2 ? UInt32(bytes[at + 2]) : 0)
            output.append(symbol(group >> 18))
            output.append(symbol(group >> 12))
            output.append(rest > 1 ? symbol(group >> 6) : padding)
            output.append(rest > 2 ? symbol(group) : padding)
            at += 3
        }
    }

    package static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        append(bytes, to: &output)
        return output
    }

    /// Strict: groups of four, padding where it belongs and nowhere else, no unused bits set, no white space.
    /// So every byte string has exactly one form. Nil for anything else.
    package static func decode(_ text: [UInt8]) -> [UInt8]? {
        guard text.count % 4 == 0, let last = text.last else { return text.isEmpty ? [] : nil }
        let pads = last != padding ? 0 : text[text.count - 2] != padding ? 1 : 2
        var output: [UInt8] = []
        output.reserveCapacity(text.count / 4 * 3)
        var at = 0
        while at < text.count {
            let isLast = at + 4 == text.count
            var group: UInt32 = 0
            for index in at..<(at + 4 - (isLast ? pads : 0)) {
                guard let value = value(text[index]) else { return nil }
                group = group << 6 | value
            }
            if isLast, pads > 0 { return finish(group, pads: pads, output) }
            output.append(UInt8(truncatingIfNeeded: group >> 16))
            output.append(UInt8(truncatingIfNeeded: group >> 8))
            output.append(UInt8(truncatingIfNeeded: group))
            at += 4
        }
        return output
    }

    /// The last group, of two or three symbols.
    private static func finish(_ group: UInt32, pads: Int, _ output: [UInt8]) -> [UInt8]? {
        var output = output
        if pads == 1 {
            guard group & 0b11 == 0 else { return nil }
            output.append(UInt8(truncatingIfNeeded: group >> 10))
            output.append(UInt8(truncatingIfNeeded: group >> 2))
        } else {
            guard group & 0b1111 == 0 else { return nil }
            output.append(UInt8(truncatingIfNeeded: group >> 4))
        }
        return output
    }

    private static let padding = UInt8(ascii: "=")

    private static func symbol(_ bits: UInt32) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: bits & 0x3F)
        return switch value {
        case ..<26: UInt8(ascii: "A") + value
        case ..<52: UInt8(ascii: "a") + value - 26
        case ..<62: UInt8(ascii: "0") + value - 52
        case 62: UInt8(ascii: "+")
        default: UInt8(ascii: "/")
        }
    }

    private static func value(_ symbol: UInt8) -> UInt32? {
        switch symbol {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(symbol - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(symbol - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(symbol - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
