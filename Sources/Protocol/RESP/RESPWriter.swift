/// Writes the answers to a Redis client. What RESP2 has no form for is written as Redis does: maps as flat arrays,
/// doubles and texts as bulk strings, booleans as numbers.
package struct RESPWriter: Sendable {
    package var output: Output
    package let version: RESPVersion

    package init(_ version: RESPVersion, output: Output = Output()) {
        self.version = version
        self.output = output
    }

    /// `+…`: no line breaks in it.
    package mutating func simple(_ text: StaticString) {
        output.bytes.append(UInt8(ascii: "+"))
        literal(text)
        endLine()
    }

    package mutating func simple(_ text: String) {
        output.bytes.append(UInt8(ascii: "+"))
        output.bytes.append(contentsOf: text.utf8)
        endLine()
    }

    package mutating func ok() { literal("+OK\r\n") }

    /// - Parameter text: with its prefix, e.g. `ERR …`; line breaks in it become blanks, at its end nothing.
    package mutating func error(_ text: [UInt8]) {
        let end = text.lastIndex { $0 != 0x0D && $0 != 0x0A }.map { $0 + 1 } ?? 0
        output.bytes.append(UInt8(ascii: "-"))
        output.bytes.append(contentsOf: text[..<end].map { $0 == 0x0D || $0 == 0x0A ? 0x20 : $0 })
        endLine()
    }

    package mutating func error(_ text: String) { error(Array(text.utf8)) }

    package mutating func integer(_ number: Int64) { header(":", number) }
    package mutating func integer(_ number: Int) { header(":", Int64(number)) }

    package mutating func bulk(_ bytes: some Collection<UInt8>) {
        header("$", Int64(bytes.count))
        output.bytes.append(contentsOf: bytes)
        endLine()
    }

    package mutating func bulk(_ bytes: UnsafeRawBufferPointer) {
        output.bytes.append(upTo: Self.headerBytesMax + bytes.count + 2) { start in
            let head = Self.writeHeader("$", Int64(bytes.count), to: start)
            if let base = bytes.baseAddress { UnsafeMutableRawPointer(start + head).copyMemory(from: base, byteCount: bytes.count) }
            return head + bytes.count + Self.writeLineEnd(to: start + head + bytes.count)
        }
    }

    /// A large value is not copied.
    package mutating func bulk(_ value: [UInt8]) {
        guard value.count >= Limits.largeValueBytes else { return value.withUnsafeBytes { bulk($0) } }
        header("$", Int64(value.count))
        output.append(shared: value)
        endLine()
    }

    package mutating func value(of entry: EntryView) {
        if let shared = entry.shared { bulk(shared) } else { bulk(entry.value) }
    }

    package mutating func bulk(_ text: String) { bulk(text.utf8) }

    /// A bulk string, or nothing.
    package mutating func bulk(_ bytes: [UInt8]?) {
        if let bytes { bulk(bytes) } else { null() }
    }

    /// A text for people.
    package mutating func text(_ text: String) {
        guard version == .three else { return bulk(text.utf8) }
        header("=", Int64(text.utf8.count + 4))
        output.bytes.append(contentsOf: "txt:".utf8)
        output.bytes.append(contentsOf: text.utf8)
        endLine()
    }

    package mutating func null() { literal(version == .three ? "_\r\n" : "$-1\r\n") }

    /// Where an array could be.
    package mutating func nullArray() { literal(version == .three ? "_\r\n" : "*-1\r\n") }

    /// Its elements follow.
    package mutating func array(_ count: Int) { header("*", Int64(count)) }

    /// `count` pairs follow.
    package mutating func map(_ count: Int) {
        if version == .three { header("%", Int64(count)) } else { header("*", Int64(count * 2)) }
    }

    /// Elements in no order follow.
    package mutating func set(_ count: Int) { header(version == .three ? "~" : "*", Int64(count)) }

    package mutating func bulks(_ list: some Collection<String>) {
        array(list.count)
        for item in list { bulk(item) }
    }

    package mutating func bulks(_ list: some Collection<[UInt8]>) {
        array(list.count)
        for item in list { bulk(item) }
    }

    package mutating func simples(_ list: [String]) {
        array(list.count)
        for item in list { simple(item) }
    }

    private mutating func header(_ type: Unicode.Scalar, _ number: Int64) {
        output.bytes.append(upTo: Self.headerBytesMax) { Self.writeHeader(type, number, to: $0) }
    }

    private mutating func literal(_ text: StaticString) {
        output.bytes.append(upTo: text.utf8CodeUnitCount) { start in
            start.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
            return text.utf8CodeUnitCount
        }
    }

    private mutating func endLine() { output.bytes.append(upTo: 2) { Self.writeLineEnd(to: $0) } }

    /// Type, sign, digits and the line's end.
    private static let headerBytesMax = Digits.countMax + 4

    /// - Parameter start: there is room for `headerBytesMax` bytes.
    /// - Returns: how many it wrote.
    @inline(__always)
    private static func writeHeader(_ type: Unicode.Scalar, _ number: Int64, to start: UnsafeMutablePointer<UInt8>) -> Int {
        start[0] = UInt8(ascii: type)
        var end = 1
        if number < 0 {
            start[1] = UInt8(ascii: "-")
            end = 2
        }
        end += Digits.write(number.magnitude, to: start + end)
        return end + writeLineEnd(to: start + end)
    }

    @inline(__always)
    private static func writeLineEnd(to start: UnsafeMutablePointer<UInt8>) -> Int {
        start[0] = 0x0D
        start[1] = 0x0A
        return 2
    }
}
