import CSimdJSON

/// The text within JSON strings: where it ends, what it says, how it is written.
package enum JSONText {
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")

    /// The first offset from `start` on that holds a quote, a backslash or a control character; `end` where
    /// there is none. Eight bytes a step (Mycroft's test for a zero byte).
    static func plainEnd(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
        var at = start
        let raw = bytes.bytes
        while at &+ 8 <= end {
            let word = UInt64(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
            let stops = specials(in: word)
            if stops != 0 { return at &+ stops.trailingZeroBitCount / 8 }
            at &+= 8
        }
        while at < end, !isSpecial(bytes[at]) { at &+= 1 }
        return at
    }

    /// The top bit of the first byte that is special is set, and no bit below it.
    private static func specials(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        let quotes = word ^ (ones &* UInt64(quote))
        let backslashes = word ^ (ones &* UInt64(backslash))
        return (((word &- ones &* 0x20) & ~word) | ((quotes &- ones) & ~quotes)
            | ((backslashes &- ones) & ~backslashes)) & tops
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == quote || byte == backslash
    }

    static func isWhiteSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    static func equals(_ bytes: Span<UInt8>, _ word: StaticString) -> Bool {
        guard bytes.count == word.utf8CodeUnitCount else { return false }
        let wanted = word.utf8Start
        for index in 0..<bytes.count where bytes[index] != wanted[index] { return false }
        return true
    }

    /// - Parameter word: in lower case.
    static func equalsIgnoringCase(_ bytes: Span<UInt8>, _ word: StaticString) -> Bool {
        guard bytes.count == word.utf8CodeUnitCount else { return false }
        let wanted = word.utf8Start
        for index in 0..<bytes.count {
            let byte = bytes[index]
            let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            if (isUpper ? byte | 0x20 : byte) != wanted[index] { return false }
        }
        return true
    }

    static func isUTF8(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress, !buffer.isEmpty else { return true }
            return torc_json_is_utf8(base, buffer.count) != 0
        }
    }

    /// The beginning of a text from outside, for an error message.
    static func excerpt(_ bytes: some Collection<UInt8>) -> String {
        let bytesMax = 64
        let text = String(decoding: bytes.prefix(bytesMax), as: UTF8.self)
        return bytes.count > bytesMax ? text + "…" : text
    }

    static func copy(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        bytes.extracting(range).withUnsafeBufferPointer { Array($0) }
    }
}
