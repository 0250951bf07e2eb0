import Glibc

/// Answers of Torc's own protocol, one a line. Of an answer only its status is looked for, from the end, where nodes put
/// it; in a key or value the quotes around such a word would be escaped, so it can not be mistaken.
struct LineScanner {
    private static let lineMax = 64 << 20
    private static let textMax = 256

    /// The beginning of a line whose end has not come.
    private var begun: [UInt8] = []
    private var version: [UInt8] = []
    private var hasVersion = false
    private var errorBytes: [UInt8] = []
    private(set) var complaint: String?

    var errorText: String { String(decoding: errorBytes, as: UTF8.self) }

    mutating func next(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> ReplyKind? {
        guard complaint == nil, at < bytes.count, let base = bytes.baseAddress else {
            at = bytes.count
            return nil
        }
        guard let end = memchr(base + at, 0x0A, bytes.count - at) else {
            keep(bytes[at...])
            at = bytes.count
            return nil
        }
        let stop = UnsafeRawPointer(end) - base
        defer { at = stop + 1 }
        if begun.isEmpty { return read(UnsafeRawBufferPointer(rebasing: bytes[at..<stop])) }
        begun.append(contentsOf: bytes[at..<stop])
        let line = begun
        begun = []
        let kind = line.withUnsafeBytes { read($0) }
        // The memory is kept for the next one.
        begun = line
        begun.removeAll(keepingCapacity: true)
        return kind
    }

    private mutating func keep(_ part: Slice<UnsafeRawBufferPointer>) {
        guard begun.count + part.count <= LineScanner.lineMax else {
            complaint = "an answer has no end within \(LineScanner.lineMax) bytes"
            return
        }
        begun.append(contentsOf: part)
    }

    func withVersion(_ body: (UnsafeRawBufferPointer?) -> Void) {
        hasVersion ? version.withUnsafeBytes { body($0) } : body(nil)
    }

    // MARK: One line

    /// Eight bytes as they lie in memory.
    private static func word(_ text: StaticString) -> UInt64 {
        UnsafeRawPointer(text.utf8Start).loadUnaligned(as: UInt64.self)
    }

    private static let status = word("\"status\"")
    private static let versionName = word("\"version")
    private static let error = word("\"error\":")

    private mutating func read(_ line: UnsafeRawBufferPointer) -> ReplyKind? {
        hasVersion = false
        guard let status = LineScanner.last(LineScanner.status, in: line), status + 10 < line.count else {
            complaint = "an answer has no status; does a Torc node listen there?"
            return nil
        }
        // `"status":"SUCCESS"` or `"status":"ERROR"`.
        if line[status + 10] == UInt8(ascii: "S") {
            readVersion(line)
            return .done
        }
        readError(line)
        if errorBytes.elementsEqual("key not found".utf8) { return .miss }
        return errorBytes.elementsEqual("conflict".utf8) ? .conflict : .error
    }

    private mutating func readVersion(_ line: UnsafeRawBufferPointer) {
        // `"version":"3.17"`
        guard let start = LineScanner.last(LineScanner.versionName, in: line) else { return }
        LineScanner.copyText(line, from: start + 11, to: &version)
        hasVersion = !version.isEmpty
    }

    private mutating func readError(_ line: UnsafeRawBufferPointer) {
        errorBytes.removeAll(keepingCapacity: true)
        guard let start = LineScanner.last(LineScanner.error, in: line) else { return }
        LineScanner.copyText(line, from: start + 9, to: &errorBytes)
    }

    private static func copyText(_ line: UnsafeRawBufferPointer, from start: Int, to text: inout [UInt8]) {
        text.removeAll(keepingCapacity: true)
        var at = start
        while at < line.count, line[at] != UInt8(ascii: "\""), text.count < textMax {
            if line[at] == UInt8(ascii: "\\") { at += 1 }
            if at < line.count { text.append(line[at]) }
            at += 1
        }
    }

    private static func last(_ word: UInt64, in line: UnsafeRawBufferPointer) -> Int? {
        var at = line.count - 8
        while at >= 0 {
            if line.loadUnaligned(fromByteOffset: at, as: UInt64.self) == word { return at }
            at -= 1
        }
        return nil
    }
}
