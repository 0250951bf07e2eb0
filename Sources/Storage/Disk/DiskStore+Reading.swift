import Cluster
import Protocol

extension DiskStore {
    package func entry(in slot: Slot, key: [UInt8]) throws(StoreError) -> Entry? {
        try checkOpen()
        return table.entry(in: slot, key: key)
    }

    package func chunk(of slot: Slot, after key: [UInt8]?, bytesMax: Int) throws(StoreError) -> StoreChunk {
        try checkOpen()
        return table.chunk(of: slot, after: key, bytesMax: bytesMax)
    }

    package func run(
        of slot: Slot, after key: [UInt8]?, bytesMax: Int
    ) throws(StoreError) -> (entries: EntryRun, isLast: Bool) {
        try checkOpen()
        return try table.run(of: slot, after: key, bytesMax: bytesMax)
    }

    package func expiries(in slot: Slot, from: Timestamp, countMax: Int) throws(StoreError) -> [Expiry] {
        try checkOpen()
        return table.expiries(in: slot, from: from, countMax: countMax)
    }

    /// What was at home when the store was opened.
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

    /// All records of `family`, in key order.
    private func load(
        _ family: RocksFamily, _ each: ([UInt8], [UInt8]) throws(StoreError) -> Void
    ) throws(StoreError) {
        try checkOpen()
        try database.forEach(family, to: StorageKey.position) { record throws(StoreError) in
            try each(record.key, record.value)
        }
    }
}
