/// Names of keys: a prefix of four bytes and twelve digits.
enum KeyName {
    static let digits = 12
    static let length = 4 + digits
    /// As base64.
    static let base64Length = 24
    static let countMax = 1_000_000_000_000

    /// Writes the digits of `key` to twelve bytes.
    static func write(_ key: UInt64, to place: UnsafeMutableRawPointer) {
        var rest = key
        var at = digits
        while at > 0 {
            let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
            at -= 2
            place.storeBytes(of: UInt8(truncatingIfNeeded: 0x30 + pair / 10), toByteOffset: at, as: UInt8.self)
            place.storeBytes(of: UInt8(truncatingIfNeeded: 0x30 + pair % 10), toByteOffset: at + 1, as: UInt8.self)
            rest = quotient
        }
    }

    /// Writes a whole name in base64 to 24 bytes.
    static func writeBase64(_ prefix: StaticString, _ key: UInt64, to place: UnsafeMutableRawPointer) {
        withUnsafeTemporaryAllocation(byteCount: 18, alignment: 8) { name in
            guard let base = name.baseAddress else { return }
            base.copyMemory(from: prefix.utf8Start, byteCount: 4)
            write(key, to: base + 4)
            // 16 bytes are five groups of three and one byte: two characters and two pads.
            (name[16], name[17]) = (0, 0)
            for group in 0..<6 {
                let bits = UInt32(name[3 * group]) << 16 | UInt32(name[3 * group + 1]) << 8 | UInt32(name[3 * group + 2])
                for position in 0..<4 {
                    let character = symbol(bits >> UInt32(18 - 6 * position) & 63)
                    place.storeBytes(of: character, toByteOffset: 4 * group + position, as: UInt8.self)
                }
            }
            place.storeBytes(of: UInt8(ascii: "="), toByteOffset: 22, as: UInt8.self)
            place.storeBytes(of: UInt8(ascii: "="), toByteOffset: 23, as: UInt8.self)
        }
    }

    private static func symbol(_ bits: UInt32) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: bits)
        switch value {
        case 0..<26: return UInt8(ascii: "A") + value
        case 26..<52: return UInt8(ascii: "a") + value - 26
        case 52..<62: return UInt8(ascii: "0") + value - 52
        case 62: return UInt8(ascii: "+")
        default: return UInt8(ascii: "/")
        }
    }
}
