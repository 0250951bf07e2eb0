import CProcessor

extension PlainCommand {
    /// As programs write it in the public protocol:
    ///
    ///     {"type":"GET","key":"k"}    {"type":"SET","key":"k","value":"v"}
    ///
    /// in this order, with or without a blank behind colons and commas, its texts ASCII without escapes.
    /// - Parameters:
    ///   - bytes: what has come.
    ///   - start: where white space or a request begins.
    /// - Returns: nil: it is another request, or is written in another way, or has not come whole; `JSONFramer` tells.
    init?(json bytes: UnsafeRawBufferPointer, from start: Int, objectBytesMax: Int) {
        var scanner = ObjectScanner(bytes: bytes, position: start)
        scanner.skipWhiteSpace()
        let object = scanner.position
        guard let isSet = scanner.type(), let key = scanner.text(named: .key), !key.isEmpty, key.count <= Limits.keyBytesMax
        else { return nil }
        var value: Range<Int>?
        if isSet {
            guard scanner.take(.comma), let found = scanner.text(named: .value), found.count < Limits.largeValueBytes
            else { return nil }
            value = found
        }
        guard scanner.take(.end), scanner.position - object <= objectBytesMax else { return nil }
        // Most programs write lines: nothing is left then.
        scanner.skipWhiteSpace()
        self.init(key: key, value: value, start: start, end: scanner.position)
    }

    private struct ObjectScanner {
        /// At most eight bytes, the first in the lowest place.
        struct Word {
            let bits: UInt64
            let count: Int

            static let type = Word(bits: 0x3A22_6570_7974_227B, count: 8)  // {"type":
            static let get = Word(bits: 0x2C22_7465_6722, count: 6)  // "get",
            static let set = Word(bits: 0x2C22_7465_7322, count: 6)  // "set",
            static let key = Word(bits: 0x3A22_7965_6B22, count: 6)  // "key":
            static let value = Word(bits: 0x3A22_6575_6C61_7622, count: 8)  // "value":
        }

        enum Mark: UInt8 {
            case comma = 0x2C
            case end = 0x7D
        }

        /// Of the letters in `get` and `set`.
        private static let lowercase: UInt64 = 0x0000_0000_2020_2000

        let bytes: UnsafeRawBufferPointer
        var position: Int

        @inline(__always)
        mutating func skipWhiteSpace() {
            while position < bytes.count, JSONText.isWhiteSpace(bytes[position]) { position += 1 }
        }

        /// The first field, and the comma behind it.
        /// - Returns: whether it is a SET.
        @inline(__always)
        mutating func type() -> Bool? {
            guard take(.type) else { return nil }
            skipBlank()
            if take(.get, ignoring: Self.lowercase) { return false }
            return take(.set, ignoring: Self.lowercase) ? true : nil
        }

        /// A field that is a text: where it lies, without its quotes.
        @inline(__always)
        mutating func text(named name: Word) -> Range<Int>? {
            skipBlank()
            guard take(name) else { return nil }
            skipBlank()
            guard position < bytes.count, bytes[position] == JSONText.quote, let base = bytes.baseAddress else { return nil }
            let start = position + 1
            let end = start + torc_plain_text_count(base + start, bytes.count - start)
            guard end < bytes.count, bytes[end] == JSONText.quote else { return nil }
            position = end + 1
            return Range(uncheckedBounds: (start, end))
        }

        @inline(__always)
        mutating func take(_ mark: Mark) -> Bool {
            guard position < bytes.count, bytes[position] == mark.rawValue else { return false }
            position += 1
            return true
        }

        /// Behind each of these words at least two more bytes come, so eight are there, where all is.
        @inline(__always)
        private mutating func take(_ word: Word, ignoring mask: UInt64 = 0) -> Bool {
            guard bytes.count - position >= 8 else { return false }
            let found = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)) | mask
            guard (found ^ word.bits) << UInt64(64 - 8 * word.count) == 0 else { return false }
            position += word.count
            return true
        }

        @inline(__always)
        private mutating func skipBlank() {
            if position < bytes.count, bytes[position] == UInt8(ascii: " ") { position += 1 }
        }
    }
}
