/// A GET of a key or a SET without options, as every client library writes it: most of what is asked, so that it is
/// found without a copy of its words.
package struct PlainCommand {
    /// Of the bytes that wait.
    package let key: Range<Int>
    /// Nil: it is a GET.
    package let value: Range<Int>?
    /// Its first byte, and the first behind it.
    let start: Int
    let end: Int

    /// - Parameters:
    ///   - bytes: what has come.
    ///   - start: where a command begins.
    /// - Returns: nil: it is another command, or is written in another way, or has not come whole; `RESPReader` tells.
    init?(_ bytes: UnsafeRawBufferPointer, from start: Int, bulkBytesMax: Int) {
        self.start = start
        var scanner = Scanner(bytes: bytes, position: start)
        guard let count = scanner.count, let name = scanner.name, count == (name == .get ? 2 : 3),
            let key = scanner.bulk(max: Limits.keyBytesMax)
        else { return nil }
        self.key = key
        if name == .set {
            guard let value = scanner.bulk(max: bulkBytesMax) else { return nil }
            self.value = value
        } else {
            value = nil
        }
        end = scanner.position
    }

    private enum Name { case get, set }

    private struct Scanner {
        let bytes: UnsafeRawBufferPointer
        var position: Int

        /// `*2` or `*3` and a line's end.
        var count: Int? {
            mutating get {
                guard bytes.count - position >= 4, bytes[position] == UInt8(ascii: "*"), endsLine(at: position + 2)
                else { return nil }
                defer { position += 4 }
                return Int(bytes[position + 1]) - Int(UInt8(ascii: "0"))
            }
        }

        /// `$3`, a line's end, three letters, a line's end.
        var name: Name? {
            mutating get {
                guard bytes.count - position >= 9, bytes[position] == UInt8(ascii: "$"),
                    bytes[position + 1] == UInt8(ascii: "3"), endsLine(at: position + 2), endsLine(at: position + 7),
                    bytes[position + 5] | 0x20 == UInt8(ascii: "e"), bytes[position + 6] | 0x20 == UInt8(ascii: "t")
                else { return nil }
                defer { position += 9 }
                switch bytes[position + 4] | 0x20 {
                case UInt8(ascii: "g"): return .get
                case UInt8(ascii: "s"): return .set
                default: return nil
                }
            }
        }

        /// `$`, a length of at most seven digits, and so many bytes, with their lines' ends.
        mutating func bulk(max: Int) -> Range<Int>? {
            guard position < bytes.count, bytes[position] == UInt8(ascii: "$") else { return nil }
            var length = 0
            var index = position + 1
            let digitsEnd = min(index + 7, bytes.count)
            while index < digitsEnd, case let digit = bytes[index] &- UInt8(ascii: "0"), digit <= 9 {
                length = length * 10 + Int(digit)
                index += 1
            }
            let digits = index - position - 1
            guard digits == 1 || digits > 1 && bytes[position + 1] != UInt8(ascii: "0"), length <= max,
                bytes.count - index >= length + 4, endsLine(at: index), endsLine(at: index + 2 + length)
            else { return nil }
            defer { position = index + length + 4 }
            return (index + 2)..<(index + 2 + length)
        }

        /// - Precondition: there are two bytes at `index`.
        private func endsLine(at index: Int) -> Bool {
            bytes[index] == UInt8(ascii: "\r") && bytes[index + 1] == UInt8(ascii: "\n")
        }
    }
}
