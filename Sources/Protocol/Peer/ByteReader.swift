/// What is wrong with bytes that a peer sent or a disk returned.
package enum DecodeError: Error, Equatable {
    /// They end before what they announce.
    case truncated
    /// A field has a value that it cannot have.
    case invalid(String)
}

/// Reads what `ByteWriter` writes. It trusts nothing: every length is checked against what is there
/// before anything is allocated.
package struct ByteReader {
    private let bytes: [UInt8]
    private var offset: Int
    private let end: Int

    package init(_ bytes: [UInt8]) {
        self.init(bytes, in: 0..<bytes.count)
    }

    /// Reads only `range` of `bytes`.
    package init(_ bytes: [UInt8], in range: Range<Int>) {
        self.bytes = bytes
        offset = range.lowerBound
        end = min(range.upperBound, bytes.count)
    }

    package var remaining: Int { end - offset }
    package var isAtEnd: Bool { offset >= end }

    package mutating func readUInt8() throws(DecodeError) -> UInt8 {
        guard remaining >= 1 else { throw .truncated }
        defer { offset += 1 }
        return bytes[offset]
    }

    package mutating func readBool() throws(DecodeError) -> Bool {
        switch try readUInt8() {
        case 0: return false
        case 1: return true
        default: throw .invalid("flag")
        }
    }

    package mutating func readUInt16() throws(DecodeError) -> UInt16 { try readLittleEndian() }
    package mutating func readUInt32() throws(DecodeError) -> UInt32 { try readLittleEndian() }
    package mutating func readUInt64() throws(DecodeError) -> UInt64 { try readLittleEndian() }

    /// A length of 32 bits, at most `max`, then that many bytes.
    package mutating func readBytes(max: Int) throws(DecodeError) -> [UInt8] {
        let count = Int(try readUInt32())
        guard count <= max else { throw .invalid("length \(count) over \(max)") }
        guard remaining >= count else { throw .truncated }
        defer { offset += count }
        return array(of: count)
    }

    /// A length of 32 bits, at most `max`, then UTF-8.
    package mutating func readString(max: Int) throws(DecodeError) -> String {
        guard let text = String(validating: try readBytes(max: max), as: UTF8.self) else {
            throw .invalid("text")
        }
        return text
    }

    /// How many elements follow, each of at least `elementBytesMin` bytes: never more than could be there.
    package mutating func readCount(elementBytesMin: Int) throws(DecodeError) -> Int {
        let count = Int(try readUInt32())
        guard count <= remaining / max(elementBytesMin, 1) else { throw .truncated }
        return count
    }

    /// All that is left.
    package mutating func readRest() -> [UInt8] {
        defer { offset = end }
        return Array(bytes[offset..<end])
    }

    /// As many bytes as `measure` says of what is left; nil: they are not what they should be.
    package mutating func readRaw(_ measure: (UnsafeRawBufferPointer) -> Int?) throws(DecodeError) -> [UInt8] {
        let rest = offset..<max(offset, end)
        guard let count = bytes.withUnsafeBytes({ measure(UnsafeRawBufferPointer(rebasing: $0[rest])) }),
            (0...rest.count).contains(count)
        else { throw .truncated }
        defer { offset += count }
        return array(of: count)
    }

    /// - Precondition: so many are left.
    private func array(of count: Int) -> [UInt8] {
        bytes.withUnsafeBytes { Array(UnsafeRawBufferPointer(rebasing: $0[offset..<(offset + count)])) }
    }

    private mutating func readLittleEndian<Integer: FixedWidthInteger>() throws(DecodeError) -> Integer {
        let size = MemoryLayout<Integer>.size
        guard remaining >= size else { throw .truncated }
        defer { offset += size }
        return Integer(littleEndian: bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Integer.self) })
    }
}
