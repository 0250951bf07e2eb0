/// The commands of one Redis client, in order, from the pieces in which its bytes come: arrays of bulk strings, and
/// inline commands.
///
/// Invariants: `buffer` holds what has not been handed out, from `start` on; every byte is looked at once but for a
/// line whose end has not come; nothing is allocated for a length before its bytes are there.
///
/// ```
///            *N                       $L                    L bytes, CRLF
/// between ───────▶ array, next a length ───▶ array, next a bulk ───────────▶ array, one fewer ─▶ … ─▶ between
///    └── a line ──▶ between                         any fault ──▶ closed
/// ```
package struct RESPReader {
    private struct PartialArray {
        /// Of the first byte of the command, relative to `start`.
        var words: [Range<Int>] = []
        var missing: Int
        /// The length of the bulk that comes next.
        var bulk: Int?
        var size = 0
    }

    /// As Redis: of a line that is a command, or a length.
    private static let lineBytesMax = 64 * 1024
    /// As many words as Redis takes.
    private static let wordsMax = 1_024 * 1_024
    private static let capacityKeptMax = 256 * 1024

    private let bulkBytesMax: Int
    private let commandBytesMax: Int
    private var buffer: [UInt8] = []
    private var start = 0
    /// How far the command that is being read has been looked at.
    private var position = 0
    private var array: PartialArray?
    package private(set) var isClosed = false

    /// - Parameters:
    ///   - bulkBytesMax: of one word.
    ///   - commandBytesMax: of all words of a command.
    package init(bulkBytesMax: Int = Limits.valueBytesMax, commandBytesMax: Int = Limits.respCommandBytesMax) {
        self.bulkBytesMax = bulkBytesMax
        self.commandBytesMax = commandBytesMax
    }

    /// Bytes that wait: for the rest of their command, or for `next` to be called.
    package var pendingBytes: Int { buffer.count - start }

    package mutating func append(_ piece: UnsafeRawBufferPointer) {
        guard !isClosed else { return }
        compact()
        buffer.append(contentsOf: piece)
    }

    package mutating func append(_ piece: [UInt8]) { piece.withUnsafeBytes { append($0) } }

    /// The next command; nil when more bytes are needed. After an error nothing follows.
    package mutating func next() throws(RESPFault) -> RESPCommand? {
        guard !isClosed else { return nil }
        do throws(RESPFault) {
            return try read()
        } catch {
            isClosed = true
            buffer = []
            start = 0
            throw error
        }
    }

    private mutating func read() throws(RESPFault) -> RESPCommand? {
        while true {
            if array != nil {
                guard try readArray() else { return nil }
                let command = finish()
                return command
            }
            guard start < buffer.count else { return nil }
            position = start
            if buffer[start] == UInt8(ascii: "*") {
                guard let count = try readLength(of: "mbulk count string", "multibulk") else { return nil }
                guard count <= Self.wordsMax else { throw RESPFault("invalid multibulk length") }
                if count > 0 { array = PartialArray(missing: count) } else { start = position }
            } else {
                guard let line = try readLine(orFault: "inline request") else { return nil }
                let words = try RESPInline.split(buffer[line])
                start = position
                if !words.isEmpty { return RESPCommand(words) }
            }
        }
    }

    /// - Returns: whether all its words are there.
    private mutating func readArray() throws(RESPFault) -> Bool {
        while let missing = array?.missing, missing > 0 {
            if array?.bulk == nil {
                let length = try readBulkLength()
                array?.bulk = length
            }
            guard let length = array?.bulk else { return false }
            guard buffer.count - position >= length + 2 else { return false }
            let end = position + length
            guard buffer[end] == UInt8(ascii: "\r"), buffer[end + 1] == UInt8(ascii: "\n") else {
                throw RESPFault("expected CRLF after a bulk string")
            }
            array?.words.append((position - start)..<(end - start))
            array?.missing = missing - 1
            array?.bulk = nil
            position = end + 2
        }
        return true
    }

    private mutating func readBulkLength() throws(RESPFault) -> Int? {
        guard position < buffer.count else { return nil }
        let first = buffer[position]
        let begin = position
        let length: Int?
        if first == UInt8(ascii: "$") {
            length = try readLength(of: "bulk count string", "bulk")
        } else {
            // As Redis, which waits for the line before it looks at its first byte.
            guard let end = buffer[position...].firstIndex(of: UInt8(ascii: "\r")), end + 1 < buffer.count else {
                if buffer.count - begin > Self.lineBytesMax { throw RESPFault("too big bulk count string") }
                return nil
            }
            throw RESPFault(expectedDollarGot: first)
        }
        guard let length else { return nil }
        guard length >= 0, length <= bulkBytesMax, length <= commandBytesMax - (array?.size ?? 0) else {
            throw RESPFault("invalid bulk length")
        }
        array?.size += length
        return length
    }

    /// Reads `*N` or `$N`.
    /// - Returns: nil where the end of the line is not there.
    private mutating func readLength(of line: String, _ name: String) throws(RESPFault) -> Int? {
        // As Redis: to the next CR, and whatever byte follows it.
        guard let end = buffer[position...].firstIndex(of: UInt8(ascii: "\r")), end + 1 < buffer.count else {
            if buffer.count - position > Self.lineBytesMax { throw RESPFault("too big \(line)") }
            return nil
        }
        guard let length = Self.integer(buffer[(position + 1)..<end]) else { throw RESPFault("invalid \(name) length") }
        position = end + 2
        return length
    }

    /// A line from `position` on, without its end, behind which it leaves `position`.
    private mutating func readLine(orFault name: String) throws(RESPFault) -> Range<Int>? {
        guard let end = buffer[position...].firstIndex(of: UInt8(ascii: "\n")) else {
            if buffer.count - position > Self.lineBytesMax { throw RESPFault("too big \(name)") }
            return nil
        }
        guard end - position <= Self.lineBytesMax else { throw RESPFault("too big \(name)") }
        let begin = position
        position = end + 1
        return begin..<(end > begin && buffer[end - 1] == UInt8(ascii: "\r") ? end - 1 : end)
    }

    /// Decimal, as Redis reads a length: no sign but `-`, no leading zero, nothing else.
    private static func integer(_ text: ArraySlice<UInt8>) -> Int? {
        guard !text.isEmpty, text.count <= 20, text.first != UInt8(ascii: "+"),
            let number = Int(String(decoding: text, as: UTF8.self)), String(number).utf8.count == text.count
        else { return nil }
        return number
    }

    private mutating func finish() -> RESPCommand {
        let command = RESPCommand(Array(buffer[start..<position]), words: array?.words ?? [])
        array = nil
        start = position
        return command
    }

    /// Drops what has been handed out. What is left is moved only when it is the smaller part, so that each byte moves
    /// once on average.
    private mutating func compact() {
        guard start > 0, start >= buffer.count - start else { return }
        if start == buffer.count {
            if buffer.capacity > Self.capacityKeptMax {
                buffer = []
            } else {
                buffer.removeAll(keepingCapacity: true)
            }
        } else {
            buffer.removeSubrange(0..<start)
        }
        position -= start
        start = 0
    }
}
