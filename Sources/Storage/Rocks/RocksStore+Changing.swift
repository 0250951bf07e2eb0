import Cluster
import Protocol

extension RocksStore {
    package func put(_ entry: Entry, key: [UInt8], in slot: Slot) {
        batch.put(entry, key: key, in: slot)
    }

    package func remove(key: [UInt8], in slot: Slot) {
        batch.remove(key: key, in: slot)
    }

    package func putAll(_ run: EntryRun, in slot: Slot) {
        batch.putAll(run, in: slot)
    }

    package func setExpiry(_ expiry: Expiry, in slot: Slot, isThere: Bool) {
        batch.setExpiry(expiry, in: slot, isThere: isThere)
    }

    package func append(_ entry: LogEntry, to slot: Slot) {
        batch.append(entry, to: slot)
    }

    package func removeLogEntry(_ version: Version, of slot: Slot) {
        batch.removeLogEntry(version, of: slot)
    }

    package func setMeta(_ key: MetaKey, to value: [UInt8]?) {
        batch.setMeta(key, to: value)
    }

    package func removeAll(in slot: Slot) {
        batch.clear(slot, removals: removals(.data, of: slot) + removals(.log, of: slot))
    }

    /// What removes all records of `slot` that the database has.
    private func removals(_ family: RocksFamily, of slot: Slot) -> [RocksChange] {
        let range = StorageKey.range(of: slot)
        var removals: [RocksChange] = []
        do {
            try opened().scan(family, from: range.from, to: range.to) { record in
                removals.append(.delete(family, key: record.key))
                return removals.count <= Self.recordsRemovedSinglyMax
            }
            if removals.count <= Self.recordsRemovedSinglyMax { return removals }
        } catch {
            // Removing needs no reading: the range does it blindly.
        }
        return [.deleteRange(family, from: range.from, to: range.to)]
    }
}
