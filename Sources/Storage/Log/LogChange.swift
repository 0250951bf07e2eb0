import Protocol

/// One step of a batch, as the log has it: in the terms of the home, so that replay and write-back are one thing.
enum LogChange: Equatable {
    case put(RocksFamily, key: [UInt8], value: [UInt8])
    case delete(RocksFamily, key: [UInt8])
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
        var reader = ByteReader(bytes, in: range)
        while !reader.isAtEnd {
            let change: LogChange
            do throws(DecodeError) { change = try LogChange(from: &reader) } catch { throw .undecodable(error) }
            try body(change)
        }
    }

    private init(from reader: inout ByteReader) throws(DecodeError) {
        let byte = try reader.readUInt8()
        switch Tag(rawValue: byte) {
        case .put:
            let family = try Self.family(from: &reader)
            let key = try reader.readBytes(max: .max)
            self = .put(family, key: key, value: try reader.readBytes(max: .max))
        case .delete:
            let family = try Self.family(from: &reader)
            self = .delete(family, key: try reader.readBytes(max: .max))
        case .putAll:
            let slot: Slot = try reader.read()
            self = .putAll(slot, try reader.read())
        case .clear: self = .clear(try reader.read())
        case nil: throw .invalid("change \(byte)")
        }
    }

    private static func family(from reader: inout ByteReader) throws(DecodeError) -> RocksFamily {
        guard let family = RocksFamily(rawValue: Int(try reader.readUInt8())) else { throw .invalid("family") }
        return family
    }
}
