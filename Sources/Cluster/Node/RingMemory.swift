import Protocol

/// What a node keeps of its ring in its store, under `MetaKey.ring`: how many replicas, and every record.
///
///     format 1 · replicas 1 · records
struct RingMemory {
    private static let format: UInt8 = 1
    private static let recordBytesMin = 34

    let replicas: Int
    let records: [RingRecord]

    init(replicas: Int, records: [RingRecord]) {
        self.replicas = replicas
        self.records = records
    }

    init(_ bytes: [UInt8]) throws(DecodeError) {
        var reader = ByteReader(bytes)
        guard try reader.readUInt8() == RingMemory.format else { throw .invalid("format") }
        replicas = Int(try reader.readUInt8())
        records = try reader.readArray(elementBytesMin: RingMemory.recordBytesMin)
    }

    var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.write(RingMemory.format)
        writer.write(UInt8(clamping: replicas))
        writer.write(records)
        return writer.bytes
    }

    /// Nil: the store has none.
    static func load(from store: any Store) throws(StoreError) -> RingMemory? {
        var found: RingMemory?
        try store.loadMeta { (key, value) throws(StoreError) in
            guard key == .ring else { return }
            do throws(DecodeError) {
                found = try RingMemory(value)
            } catch {
                throw StoreError("the data folder is damaged: ring records: \(error); give an empty -data")
            }
        }
        return found
    }
}
