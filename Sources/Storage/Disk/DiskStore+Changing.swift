import Cluster
import Protocol

/// Each change goes into the table, and into the batch in the home's terms.
extension DiskStore {
    package func put(_ entry: Entry, key: [UInt8], in slot: Slot) {
        table.put(entry, key: key, in: slot, batch: sequence)
        batch.put(entry, key: key, in: slot)
    }

    package func exchange(
        _ entry: PlainEntry, key: UnsafeRawBufferPointer, in slot: Slot,
        before: (EntryView) -> Void, after: (EntryView) -> Void
    ) -> Bool {
        if !table.isWhole(slot), case .absent = table.find(key, in: slot) { return false }
        table.exchange(entry, key: key, in: slot, batch: sequence, before: before, after: after)
        batch.put(entry, key: key, in: slot)
        return true
    }

    package func remove(key: [UInt8], in slot: Slot) {
        table.remove(key: key, in: slot, batch: sequence)
        batch.delete(.data, key: StorageKey.data(slot, key))
    }

    package func putAll(_ run: EntryRun, in slot: Slot) {
        table.putAll(run, in: slot, batch: sequence)
        batch.putAll(run, in: slot)
    }

    /// The table finds what expires by itself. At home there is a record of it, as there was before there was a table.
    package func setExpiry(_ expiry: Expiry, in slot: Slot, isThere: Bool) {
        let key = StorageKey.expiry(slot, expiry.at, expiry.key)
        if isThere { batch.put(.data, key: key, value: []) } else { batch.delete(.data, key: key) }
    }

    package func append(_ entry: LogEntry, to slot: Slot) {
        batch.put(
            .log, key: StorageKey.log(slot, entry.version), value: StorageRecord.bytes(entry, sizeHint: entry.size))
    }

    package func removeLogEntry(_ version: Version, of slot: Slot) {
        batch.delete(.log, key: StorageKey.log(slot, version))
    }

    package func setMeta(_ key: MetaKey, to value: [UInt8]?) {
        let key = StorageKey.meta(key)
        if let value { batch.put(.meta, key: key, value: value) } else { batch.delete(.meta, key: key) }
    }

    package func removeAll(in slot: Slot) {
        table.removeAll(in: slot, batch: sequence)
        batch.clear(slot)
    }
}
