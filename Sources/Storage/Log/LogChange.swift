import Protocol

/// One step of a batch, as the log has it: in the terms of the home, so that replay and write-back are one thing. Keys and
/// values lie in the log's bytes, and are valid only within the call that they are given to.
enum LogChange {
    case put(RocksFamily, key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer)
    case delete(RocksFamily, key: UnsafeRawBufferPointer)
    /// Entries of a slot.
    case putAll(Slot, EntryRun)
    /// Takes away all data and log entries of the slot.
    case clear(Slot)

    /// On disk: do not change.
    enum Tag: UInt8 {
        case put = 1
        case delete = 2
        case putAll = 3
        case clear = 4
    }

    /// The changes in `bytes`, one after another.
    /// - Throws: when they are anything else.
    static func forEach(
        in bytes: [UInt8], _ range: Range<Int>, _ body: (LogChange) throws(StorageFailure) -> Void
    ) throws(StorageFailure) {
        try bytes.withUnsafeBufferPointer { buffer throws(StorageFailure) in
            let buffer = UnsafeRawBufferPointer(buffer)
            var place = Place(buffer: buffer, bytes: bytes, offset: range.lowerBound, end: min(range.upperBound, buffer.count))
            while place.offset < place.end {
                let change: LogChange
                do throws(DecodeError) { change = try place.next() } catch { throw .undecodable(error) }
                try body(change)
            }
        }
    }

    private struct Place {
        let buffer: UnsafeRawBufferPointer
        /// The same, for what is read as one value.
        let bytes: [UInt8]
        var offset: Int
        let end: Int

        mutating func next() throws(DecodeError) -> LogChange {
            let byte = try readUInt8()
            switch Tag(rawValue: byte) {
            case .put:
                let family = try readFamily()
                let key = try readBytes()
                return .put(family, key: key, value: try readBytes())
            case .delete:
                let family = try readFamily()
                return .delete(family, key: try readBytes())
            case .putAll:
                return try read { reader throws(DecodeError) in .putAll(try reader.read(), try reader.read()) }
            case .clear: return try read { reader throws(DecodeError) in .clear(try reader.read()) }
            case nil: throw .invalid("change \(byte)")
            }
        }

        private mutating func readUInt8() throws(DecodeError) -> UInt8 {
            guard offset < end else { throw .truncated }
            defer { offset += 1 }
            return buffer[offset]
        }

        private mutating func readFamily() throws(DecodeError) -> RocksFamily {
            guard let family = RocksFamily(rawValue: Int(try readUInt8())) else { throw .invalid("family") }
            return family
        }

        /// A length of 32 bits, then that many bytes.
        private mutating func readBytes() throws(DecodeError) -> UnsafeRawBufferPointer {
            guard end - offset >= 4 else { throw .truncated }
            let count = Int(UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            let start = offset + 4
            guard end - start >= count else { throw .truncated }
            offset = start + count
            return UnsafeRawBufferPointer(rebasing: buffer[start..<offset])
        }

        private mutating func read(
            _ body: (inout ByteReader) throws(DecodeError) -> LogChange
        ) throws(DecodeError) -> LogChange {
            var reader = ByteReader(bytes, in: offset..<end)
            let change = try body(&reader)
            offset = end - reader.remaining
            return change
        }
    }
}
