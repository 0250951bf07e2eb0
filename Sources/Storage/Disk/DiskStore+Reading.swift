import Cluster
import Protocol

extension DiskStore {
    package func entry(in slot: Slot, key: [UInt8]) throws(StoreError) -> Entry? {
        try checkOpen()
        let finding = key.withUnsafeBytes { bytes -> (isKnown: Bool, entry: Entry?) in
            switch table.find(bytes, in: slot) {
            case .entry(let view): (true, view.entry)
            case .removed: (true, nil)
            case .absent: (table.isWhole(slot), nil)
            }
        }
        return finding.isKnown ? finding.entry : try fetch(key, in: slot)
    }

    package func look(in slot: Slot, at key: UnsafeRawBufferPointer, _ body: (EntryView?) -> Void) -> Bool {
        guard isOpen else { return false }
        switch table.find(key, in: slot) {
        case .entry(let view): body(view)
        case .absent where !table.isWhole(slot): return false
        case .removed, .absent: body(nil)
        }
        return true
    }

    /// Asks home, on this thread, for what has left the table or never came there, and takes it in.
    private func fetch(_ key: [UInt8], in slot: Slot) throws(StoreError) -> Entry? {
        let bytes: [UInt8]?
        do throws(RocksError) {
            bytes = try database.get(.data, key: StorageKey.data(slot, key))
        } catch {
            throw .cannotRead(error, in: database.path)
        }
        guard let bytes else { return nil }
        let entry: Entry = try StorageRecord.value(bytes, what: "an entry of slot \(slot)", in: database.path)
        table.put(entry, key: key, in: slot, batch: home)
        makeRoom(bucketsMax: Self.bucketsPerFetch + bytes.count / Self.bytesPerBucket)
        return entry
    }

    /// Buckets that are looked at for what may leave the table with each entry that comes, and one more for so many of its
    /// bytes: so as much leaves as comes, also where few large entries are spread over many slots.
    private static let bucketsPerFetch = 128
    private static let bytesPerBucket = 128

    package func expect(_ requests: UnsafeBufferPointer<RequestView>) { table.expect(requests) }

    package func chunk(of slot: Slot, after key: [UInt8]?, bytesMax: Int) throws(StoreError) -> StoreChunk {
        try checkOpen()
        if table.isWhole(slot) { return table.chunk(of: slot, after: key, bytesMax: bytesMax) }
        var chunk = ChunkBuilder(bytesMax: bytesMax)
        try forEach(in: slot, after: key, bytesMax: bytesMax) { chunk.take($0) }
        return chunk.chunk
    }

    package func run(
        of slot: Slot, after key: [UInt8]?, bytesMax: Int
    ) throws(StoreError) -> (entries: EntryRun, isLast: Bool) {
        try checkOpen()
        if table.isWhole(slot) { return table.run(of: slot, after: key, bytesMax: bytesMax) }
        var run = RunBuilder(bytesMax: bytesMax)
        try forEach(in: slot, after: key, bytesMax: bytesMax) { run.take($0) }
        return run.run
    }

    package func expiries(in slot: Slot, from: Timestamp, countMax: Int) throws(StoreError) -> [Expiry] {
        try checkOpen()
        return table.expiries(in: slot, from: from, countMax: countMax)
    }

    /// What was there when the store was opened.
    package func loadMeta(_ each: (MetaKey, [UInt8]) throws(StoreError) -> Void) throws(StoreError) {
        try load(.meta) { bytes, value throws(StoreError) in
            if bytes == StorageKey.format { return }
            guard let key = StorageKey.metaKey(bytes) else {
                throw StorageRecord.damaged("a meta record under an unknown key", in: database.path)
            }
            try each(key, value)
        }
    }

    package func loadLogs(_ each: (Slot, LogEntry) throws(StoreError) -> Void) throws(StoreError) {
        try load(.log) { key, value throws(StoreError) in
            guard let slot = StorageKey.slot(of: key) else {
                throw StorageRecord.damaged("a log record under an unknown key", in: database.path)
            }
            try each(
                slot, try StorageRecord.value(value, what: "a log entry of slot \(slot)", in: database.path))
        }
    }

    package func latestVersion(in slot: Slot) -> Version? {
        redone.flatMap { $0.latestVersions[slot.index] == .zero ? nil : $0.latestVersions[slot.index] }
    }

    /// All records of `family`, in key order.
    private func load(
        _ family: RocksFamily, _ each: ([UInt8], [UInt8]) throws(StoreError) -> Void
    ) throws(StoreError) {
        try checkOpen()
        if let redone { return try redone.forEach(family, over: database, each) }
        try database.forEach(family, to: StorageKey.position) { record throws(StoreError) in
            try each(record.key, record.value)
        }
    }
}
