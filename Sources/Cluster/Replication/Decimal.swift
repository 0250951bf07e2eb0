import CDecimal
import Protocol

/// Decimal numbers as Redis INCRBYFLOAT takes and writes them.
enum Decimal {
    /// Longer ones are none: the largest has not as many digits.
    static let textBytesMax = 5 * 1_024

    /// - Throws: where one of them is no number, or the sum is none.
    static func sum(of first: [UInt8], and second: [UInt8]) throws(OperationFault) -> [UInt8] {
        guard !isInfinity(first) else { throw .notFinite }
        guard !isInfinity(second) else {
            _ = try sum(of: first, and: [UInt8(ascii: "0")])
            throw .notFinite
        }
        guard isPlain(first), isPlain(second) else { throw .notADecimal }
        var output = [CChar](repeating: 0, count: Int(TORC_DECIMAL_BYTES_MAX))
        let length = (first.map(CChar.init(bitPattern:)) + [0]).withUnsafeBufferPointer { first in
            (second.map(CChar.init(bitPattern:)) + [0]).withUnsafeBufferPointer { second in
                torc_decimal_add(first.baseAddress, second.baseAddress, &output)
            }
        }
        guard length != TORC_DECIMAL_NO_NUMBER else { throw .notADecimal }
        guard length > 0 else { throw .notFinite }
        return output[..<Int(length)].map(UInt8.init(bitPattern:))
    }

    /// To Redis a number like others, which nothing can be added to.
    private static func isInfinity(_ text: [UInt8]) -> Bool {
        let word = String(decoding: text.prefix(10), as: UTF8.self).lowercased()
        return ["inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"].contains(word) && text.count < 10
    }

    /// Digits, also hexadecimal ones, a point, an exponent, signs: no `inf`, `nan`, spaces. Whether that makes a number, the C
    /// library says.
    static func isPlain(_ text: [UInt8]) -> Bool {
        (1...textBytesMax).contains(text.count)
            && text.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"),
                    UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "x"),
                    UInt8(ascii: "X"), UInt8(ascii: "p"), UInt8(ascii: "P"):
                    true
                default: false
                }
            }
    }
}
