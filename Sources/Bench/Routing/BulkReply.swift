/// The one reply to one question of Redis's protocol, a bulk string, from the pieces in which it comes.
struct BulkReply {
    enum Outcome: Equatable {
        case incomplete
        case text(String)
        /// An error, or anything else that is no bulk string: its first line.
        case refused(String)
    }

    private static let lineMax = 512
    private static let lengthMax = 4 << 20

    private var bytes: [UInt8] = []

    /// - Returns: what is known after these bytes too.
    mutating func append(_ piece: UnsafeRawBufferPointer) -> Outcome {
        bytes += piece
        guard let end = bytes.firstIndex(of: 0x0A) else {
            return bytes.count > BulkReply.lineMax ? .refused(line(to: BulkReply.lineMax)) : .incomplete
        }
        let head = line(to: end)
        guard head.hasPrefix("$"), let length = Int(head.dropFirst()), (0...BulkReply.lengthMax).contains(length) else {
            return .refused(head)
        }
        guard bytes.count >= end + 1 + length + 2 else { return .incomplete }
        return .text(String(decoding: bytes[(end + 1)..<(end + 1 + length)], as: UTF8.self))
    }

    /// Without its end and the type of an error.
    private func line(to end: Int) -> String {
        var line = bytes[..<min(end, BulkReply.lineMax)]
        if line.last == 0x0D { line.removeLast() }
        if line.first == UInt8(ascii: "-") { line.removeFirst() }
        return String(decoding: line, as: UTF8.self)
    }
}
