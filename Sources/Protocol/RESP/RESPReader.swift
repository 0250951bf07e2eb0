/// The commands of one Redis client, in order, from the pieces in which its bytes come: arrays of bulk strings, and
/// inline commands.
///
/// Invariants: every byte is looked at once but for a line whose end has not come; nothing is allocated for a length
/// before its bytes are there.
///
/// ```
///            *N                       $L                    L bytes, CRLF
/// between ───────▶ array, next a length ───▶ array, next a bulk ───────────▶ array, one fewer ─▶ … ─▶ between
///    └── a line ──▶ between                         any fault ──▶ closed
/// ```
package final class RESPReader: PlainCommandReader {
    private struct PartialArray {
        /// Of the first byte of the command, relative to `start`.
        var words: [Range<Int>] = []
        var missing: Int
        /// The length of the bulk that comes next.
        var bulk: Int?
        /// Nil: it is no large one, or nothing of it has come.
        var gathering: LargeWordReader?
        var large: [RESPCommand.LargeWord] = []
        var size = 0

        /// How many bytes of a large bulk are still to come.
        var missingOfLarge: Int {
            guard let bulk, bulk >= RESPReader.largeBytesMin else { return 0 }
            return gathering?.missing ?? bulk + 2
        }

        /// Takes no more than are missing; returns how many.
        mutating func takeLarge(_ bytes: UnsafeRawBufferPointer) -> Int {
            let count = min(missingOfLarge, bytes.count)
            guard count > 0, let bulk else { return 0 }
            let gathering = gathering ?? LargeWordReader(count: bulk)
            gathering.take(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            self.gathering = gathering
            return count
        }
    }

    /// As Redis: of a line that is a command, or a length.
    private static let lineBytesMax = 64 * 1024
    /// A word that has so many is gathered in memory of its own, and never copied.
    static let largeBytesMin = Limits.largeValueBytes
    /// As many words as Redis takes.
    private static let wordsMax = 1_024 * 1_024

    let bulkBytesMax: Int
    private let commandBytesMax: Int
    private var input = InputBuffer()
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
    package var pendingBytes: Int { input.pendingBytes + largeBytes }

    private var largeBytes: Int {
        guard let array else { return 0 }
        return array.large.reduce(array.gathering?.bytesTaken ?? 0) { $0 + $1.bytes.count + 2 }
    }

    package func append(_ piece: UnsafeRawBufferPointer) {
        guard !isClosed else { return }
        // What waits in the input comes first.
        let taken = position == input.bytes.count ? array?.takeLarge(piece) ?? 0 : 0
        guard taken < piece.count else { return }
        position -= input.append(UnsafeRawBufferPointer(rebasing: piece[taken...]))
    }

    /// Drops what has come and was not handed out.
    package func removeAll() {
        input.removeAll()
        position = 0
        array = nil
    }

    package func append(_ piece: [UInt8]) { piece.withUnsafeBytes { append($0) } }

    /// The next command; nil when more bytes are needed. After an error nothing follows.
    package func next() throws(RESPFault) -> RESPCommand? {
        guard !isClosed else { return nil }
        do throws(RESPFault) {
            return try read()
        } catch {
            isClosed = true
            removeAll()
            throw error
        }
    }

    /// Where the next command begins; nil: one is being read.
    var nextStart: Int? { array == nil && !isClosed ? input.start : nil }

    package func plain(after last: PlainCommand?, in bytes: UnsafeRawBufferPointer) -> PlainCommand? {
        guard let start = nextStart else { return nil }
        return PlainCommand(resp: bytes, from: last?.end ?? start, bulkBytesMax: min(bulkBytesMax, Self.largeBytesMin - 1))
    }

    package func isNext(_ command: PlainCommand) -> Bool { command.start == nextStart }

    package func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try input.bytes.withUnsafeBytes(body)
    }

    package func skip(_ command: PlainCommand) {
        input.start = command.end
        position = command.end
    }

    private func read() throws(RESPFault) -> RESPCommand? {
        while true {
            if array != nil {
                guard try readArray() else { return nil }
                let command = finish()
                return command
            }
            guard input.start < input.bytes.count else { return nil }
            position = input.start
            if input.bytes[input.start] == UInt8(ascii: "*") {
                guard let end = try headerEnd(orFault: "mbulk count string") else { return nil }
                let count = try takeLength("multibulk", to: end)
                guard count <= Self.wordsMax else { throw RESPFault("invalid multibulk length") }
                if count > 0 { array = PartialArray(missing: count) } else { input.start = position }
            } else {
                guard let line = try readLine(orFault: "inline request") else { return nil }
                let words = try RESPInline.split(input.bytes[line])
                input.start = position
                if !words.isEmpty { return RESPCommand(words) }
            }
        }
    }

    /// - Returns: whether all its words are there.
    private func readArray() throws(RESPFault) -> Bool {
        while let missing = array?.missing, missing > 0 {
            if array?.bulk == nil {
                let length = try readBulkLength()
                array?.bulk = length
            }
            guard let length = array?.bulk else { return false }
            if length >= Self.largeBytesMin {
                guard try readLarge() else { return false }
                continue
            }
            guard input.bytes.count - position >= length + 2 else { return false }
            let end = position + length
            guard input.bytes[end] == UInt8(ascii: "\r"), input.bytes[end + 1] == UInt8(ascii: "\n") else {
                throw RESPFault("expected CRLF after a bulk string")
            }
            array?.words.append((position - input.start)..<(end - input.start))
            array?.missing = missing - 1
            array?.bulk = nil
            position = end + 2
        }
        return true
    }

    /// - Returns: whether all of it is there.
    private func readLarge() throws(RESPFault) -> Bool {
        let taken = input.bytes.withUnsafeBytes { array?.takeLarge(UnsafeRawBufferPointer(rebasing: $0[position...])) ?? 0 }
        input.remove(position..<position + taken)
        guard array?.missingOfLarge == 0, let word = array?.gathering else { return false }
        guard let large = word.finish() else { throw RESPFault("expected CRLF after a bulk string") }
        let number = array?.large.count ?? 0
        array?.words.append(RESPCommand.placeOfLarge(number))
        array?.large.append(large)
        array?.gathering = nil
        array?.missing -= 1
        array?.bulk = nil
        return true
    }

    private func readBulkLength() throws(RESPFault) -> Int? {
        // As Redis, which waits for the line before it looks at its first byte.
        guard let end = try headerEnd(orFault: "bulk count string") else { return nil }
        guard input.bytes[position] == UInt8(ascii: "$") else {
            throw RESPFault(expectedDollarGot: input.bytes[position])
        }
        let length = try takeLength("bulk", to: end)
        guard length >= 0, length <= bulkBytesMax, length <= commandBytesMax - (array?.size ?? 0) else {
            throw RESPFault("invalid bulk length")
        }
        array?.size += length
        return length
    }

    /// The end of a `*N` or `$N` that begins at `position`; nil: it has not come. As Redis: the next CR, and whatever
    /// byte follows it.
    private func headerEnd(orFault name: String) throws(RESPFault) -> Int? {
        if let end = input.bytes[position...].firstIndex(of: UInt8(ascii: "\r")), end + 1 < input.bytes.count { return end }
        guard input.bytes.count - position <= Self.lineBytesMax else { throw RESPFault("too big \(name)") }
        return nil
    }

    /// Reads the number of a header and goes on behind it.
    private func takeLength(_ name: String, to end: Int) throws(RESPFault) -> Int {
        guard let length = Self.integer(input.bytes[(position + 1)..<end]) else {
            throw RESPFault("invalid \(name) length")
        }
        position = end + 2
        return length
    }

    /// A line from `position` on, without its end, behind which it leaves `position`.
    private func readLine(orFault name: String) throws(RESPFault) -> Range<Int>? {
        guard let end = input.bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else {
            if input.bytes.count - position > Self.lineBytesMax { throw RESPFault("too big \(name)") }
            return nil
        }
        guard end - position <= Self.lineBytesMax else { throw RESPFault("too big \(name)") }
        let begin = position
        position = end + 1
        return begin..<(end > begin && input.bytes[end - 1] == UInt8(ascii: "\r") ? end - 1 : end)
    }

    /// Decimal, as Redis reads a length: no sign but `-`, no leading zero, nothing else.
    private static func integer(_ text: ArraySlice<UInt8>) -> Int? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = isNegative ? text.dropFirst() : text
        guard let first = digits.first, first != UInt8(ascii: "0") || text.count == 1 else { return nil }
        var number = 0
        for byte in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            let digit = Int(byte - UInt8(ascii: "0"))
            let (product, isTooLarge) = number.multipliedReportingOverflow(by: 10)
            // Downwards where it is negative: the lowest number has no counterpart.
            let (sum, isTooMuch) = product.addingReportingOverflow(isNegative ? -digit : digit)
            guard !isTooLarge, !isTooMuch else { return nil }
            number = sum
        }
        return number
    }

    private func finish() -> RESPCommand {
        let command = RESPCommand(
            Array(input.bytes[input.start..<position]), words: array?.words ?? [], large: array?.large ?? [])
        array = nil
        input.start = position
        return command
    }
}
