/// Responses of HTTP/1.1 (RFC 9112), bodies by length or in chunks, as etcd's gateway sends them.
struct HTTPScanner {
    private enum State { case status, header, body, chunkSize, chunk, chunkEnd, trailer, broken }

    private static let lineMax = 8_192
    private static let textMax = 256
    private static let bodyMax = 1 << 40

    private var state = State.status
    /// The line that is being read, without its end.
    private var line: [UInt8] = []
    private var code = 0
    private var length = 0
    private var isChunked = false
    private var left = 0
    /// How much of `"kvs"`, which stands before the entries that were found, has been seen in a row.
    private var matched = 0
    private var hasEntries = false
    private var bodyStart: [UInt8] = []
    private(set) var complaint: String?

    var errorText: String { "HTTP \(code): " + String(decoding: bodyStart, as: UTF8.self) }

    mutating func next(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> ReplyKind? {
        while at < bytes.count {
            switch state {
            case .broken: at = bytes.count
            case .body, .chunk: takeBody(bytes, &at)
            case .status, .header, .chunkSize, .chunkEnd, .trailer:
                guard takeLine(bytes, &at) else { break }
                endLine()
                line.removeAll(keepingCapacity: true)
            }
            if state == .body, left == 0 { return end() }
            if state == .chunk, left == 0 { state = .chunkEnd }
        }
        return nil
    }

    private mutating func fail(_ words: String) {
        state = .broken
        complaint = words
    }

    private mutating func takeLine(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> Bool {
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if byte == 0x0A { return true }
            if byte != 0x0D { line.append(byte) }
            if line.count > HTTPScanner.lineMax {
                fail("a line of a response is longer than \(HTTPScanner.lineMax) bytes")
                return false
            }
        }
        return false
    }

    private mutating func endLine() {
        switch state {
        case .status: beginResponse()
        case .header: line.isEmpty ? beginBody() : takeHeader()
        case .chunkSize: beginChunk()
        case .chunkEnd: state = .chunkSize
        case .trailer: if line.isEmpty { (state, left) = (.body, 0) }
        case .body, .chunk, .broken: break
        }
    }

    private mutating func beginResponse() {
        let words = line.split(separator: 0x20, maxSplits: 2)
        guard words.count >= 2, words[0].starts(with: "HTTP/1.".utf8),
            let code = Int(String(decoding: words[1], as: UTF8.self))
        else { return fail("a response does not begin with HTTP/1.1 and a code") }
        (self.code, length, isChunked, hasEntries, matched) = (code, 0, false, false, 0)
        bodyStart.removeAll(keepingCapacity: true)
        state = .header
    }

    private mutating func takeHeader() {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
        // Only two are of interest, and those by length first: lines of a response are many.
        switch colon {
        case 14 where hasName("content-length"):
            let digits = line[(colon + 1)...].drop { $0 == 0x20 }
            guard let value = Int(String(decoding: digits, as: UTF8.self)), (0...HTTPScanner.bodyMax).contains(value)
            else { return fail("a response has no sound Content-Length") }
            length = value
        case 17 where hasName("transfer-encoding"): isChunked = true
        default: break
        }
    }

    private func hasName(_ name: StaticString) -> Bool {
        for index in 0..<name.utf8CodeUnitCount where line[index] | 0x20 != name.utf8Start[index] | 0x20 { return false }
        return true
    }

    private mutating func beginBody() {
        (state, left) = isChunked ? (.chunkSize, 0) : (.body, length)
    }

    private mutating func beginChunk() {
        let digits = String(decoding: line.prefix { $0 != UInt8(ascii: ";") && $0 != 0x20 }, as: UTF8.self)
        guard let size = Int(digits, radix: 16), (0...HTTPScanner.bodyMax).contains(size) else {
            return fail("a chunk of a response has no sound length")
        }
        (state, left) = size == 0 ? (.trailer, 0) : (.chunk, size)
    }

    private mutating func takeBody(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) {
        let part = bytes[at..<at + min(left, bytes.count - at)]
        if code != 200 { bodyStart += part.prefix(HTTPScanner.textMax - min(HTTPScanner.textMax, bodyStart.count)) }
        if !hasEntries { match(part) }
        left -= part.count
        at += part.count
    }

    private static let pattern: StaticString = "\"kvs\""

    /// Its first byte comes again only as its last, so after a mismatch only a first byte can begin it anew.
    private mutating func match(_ part: Slice<UnsafeRawBufferPointer>) {
        for byte in part {
            if byte == HTTPScanner.pattern.utf8Start[matched] {
                matched += 1
            } else {
                matched = byte == UInt8(ascii: "\"") ? 1 : 0
            }
            if matched == HTTPScanner.pattern.utf8CodeUnitCount {
                (hasEntries, matched) = (true, 0)
                return
            }
        }
    }

    private mutating func end() -> ReplyKind {
        state = .status
        guard code == 200 else { return .error }
        return hasEntries ? .done : .miss
    }
}
