import Cluster
import Protocol

extension RocksStore {
    package func entry(in slot: Slot, key: [UInt8]) throws(StoreError) -> Entry? {
        let key = StorageKey.data(slot, key)
        switch batch.find(slot, dataKey: key) {
        case .entry(let entry): return entry
        case .removed: return nil
        case .untouched:
            let database = try opened()
            let bytes = try reading { () throws(RocksError) in try database.get(.data, key: key) }
            guard let bytes else { return nil }
            return try StorageRecord.value(bytes, what: "an entry of slot \(slot)", in: path)
        }
    }

    /// Merges what the database has with what the open batch says, both in key order.
    package func chunk(
        of slot: Slot, after key: [UInt8]?, bytesMax: Int
    ) throws(StoreError) -> StoreChunk {
        let range = StorageKey.range(of: slot)
        // The first key after another is that with a zero byte behind it.
        let start = key.map { StorageKey.data(slot, $0) + [0] } ?? range.from
        var merge = ChunkMerge(changes: batch.data(of: slot, from: start), bytesMax: bytesMax)
        if !batch.isCleared(slot) {
            let database = try opened()
            var damage: DecodeError?
            try reading { () throws(RocksError) in
                try database.scan(.data, from: start, to: StorageKey.dataEnd(of: slot)) { record in
                    do throws(DecodeError) {
                        return try merge.take(key: record.key, value: record.value)
                    } catch {
                        damage = error
                        return false
                    }
                }
            }
            if let damage {
                throw StorageRecord.damaged("an entry of slot \(slot) (\(damage))", in: path)
            }
        }
        return merge.finish()
    }

    /// Records go from the table into the run as they are, unless the open batch has a say.
    package func run(
        of slot: Slot, after key: [UInt8]?, bytesMax: Int
    ) throws(StoreError) -> (entries: EntryRun, isLast: Bool) {
        guard batch.isUntouched(slot) else {
            let chunk = try chunk(of: slot, after: key, bytesMax: bytesMax)
            return (EntryRun(chunk.entries.lazy.map { KeyedEntry(key: $0.key, entry: $0.entry) }), chunk.isLast)
        }
        let start = key.map { StorageKey.data(slot, $0) + [0] } ?? StorageKey.range(of: slot).from
        let database = try opened()
        var run = RunBuilder(bytesMax: bytesMax)
        try reading { () throws(RocksError) in
            try database.scan(.data, from: start, to: StorageKey.dataEnd(of: slot)) { record in
                run.take(key: record.rawKey, record: record.rawValue)
            }
        }
        if let damage = run.damage {
            throw StorageRecord.damaged("an entry of slot \(slot) (\(damage))", in: path)
        }
        return (run.entries, !run.isFull)
    }

    package func loadMeta(_ each: (MetaKey, [UInt8]) throws(StoreError) -> Void) throws(StoreError) {
        try load(.meta) { bytes, value throws(StoreError) in
            if bytes == StorageKey.format { return }
            guard let key = StorageKey.metaKey(bytes) else {
                throw StorageRecord.damaged("a meta record under an unknown key", in: path)
            }
            try each(key, value)
        }
    }

    package func loadLogs(_ each: (Slot, LogEntry) throws(StoreError) -> Void) throws(StoreError) {
        try load(.log) { key, value throws(StoreError) in
            guard let slot = StorageKey.slot(of: key) else {
                throw StorageRecord.damaged("a log record under an unknown key", in: path)
            }
            let entry: LogEntry = try StorageRecord.value(
                value, what: "a log entry of slot \(slot)", in: path)
            try each(slot, entry)
        }
    }

    /// All records of `family` in key order, the open batch included. At a start the batch is empty and
    /// the records pass one by one; later, which nobody is in a hurry for, they are gathered first.
    private func load(
        _ family: RocksFamily, _ each: ([UInt8], [UInt8]) throws(StoreError) -> Void
    ) throws(StoreError) {
        if batch.isEmpty { return try pass(family, each) }
        var records: [[UInt8]: [UInt8]] = [:]
        try pass(family) { key, value in records[key] = value }
        batch.apply(to: &records, of: family)
        for (key, value) in records.sorted(by: { $0.key.precedes($1.key) }) { try each(key, value) }
    }

    /// All records of `family` in the database, in key order.
    private func pass(
        _ family: RocksFamily, _ each: ([UInt8], [UInt8]) throws(StoreError) -> Void
    ) throws(StoreError) {
        let database = try opened()
        var problem: StoreError?
        try reading { () throws(RocksError) in
            try database.scan(family, from: [], to: nil) { record in
                do throws(StoreError) {
                    try each(record.key, record.value)
                    return true
                } catch {
                    problem = error
                    return false
                }
            }
        }
        if let problem { throw problem }
    }

    private func reading<Result>(_ body: () throws(RocksError) -> Result) throws(StoreError) -> Result {
        do throws(RocksError) { return try body() } catch { throw .cannotRead(error, in: path) }
    }
}
