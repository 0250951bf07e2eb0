import Cluster
import Protocol

/// The store of `-storage memory`: nothing outlives the process, so a batch is durable once it is closed.
package final class MemoryStore: Store {
    private struct SlotData {
        var table: [[UInt8]: Entry] = [:]
        var log: [Version: LogEntry] = [:]
        /// What expires, by the second: few seconds, whatever their number.
        var expiries: [UInt64: Set<Expiry>] = [:]
    }

    private var slots = [SlotData](repeating: SlotData(), count: Slot.count)
    private var meta: [MetaKey: [UInt8]] = [:]

    package private(set) var durable: Ticket = 0
    package let isPersistent = false
    package let failure: StoreError? = nil

    package init() {}

    package func entry(in slot: Slot, key: [UInt8]) -> Entry? {
        slots[slot.index].table[key]
    }

    package func chunk(of slot: Slot, after key: [UInt8]?, bytesMax: Int) -> StoreChunk {
        let rest = slots[slot.index].table
            .filter { pair in key.map { $0.lexicographicallyPrecedes(pair.key) } ?? true }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
        var budget = ChunkBudget(bytesMax: bytesMax)
        let entries = rest.prefix { budget.take(key: $0.key, entry: $0.value) }
        return StoreChunk(
            entries: entries.map { (key: $0.key, entry: $0.value) }, isLast: entries.count == rest.count)
    }

    package func expiries(in slot: Slot, from: Timestamp, countMax: Int) -> [Expiry] {
        let bySecond = slots[slot.index].expiries
        var found: [Expiry] = []
        for second in bySecond.keys.sorted() where found.count < countMax {
            found += (bySecond[second] ?? []).filter { $0.at >= from }.sorted()
        }
        return Array(found.prefix(countMax))
    }

    package func setExpiry(_ expiry: Expiry, in slot: Slot, isThere: Bool) {
        let second = expiry.at.milliseconds / 1_000
        if isThere {
            slots[slot.index].expiries[second, default: []].insert(expiry)
        } else {
            slots[slot.index].expiries[second]?.remove(expiry)
            if slots[slot.index].expiries[second]?.isEmpty == true { slots[slot.index].expiries[second] = nil }
        }
    }

    package func loadMeta(_ each: (MetaKey, [UInt8]) throws(StoreError) -> Void) throws(StoreError) {
        for (key, value) in meta { try each(key, value) }
    }

    package func loadLogs(_ each: (Slot, LogEntry) throws(StoreError) -> Void) throws(StoreError) {
        for slot in Slot.all {
            let log = slots[slot.index].log.values.sorted { $0.version < $1.version }
            for entry in log { try each(slot, entry) }
        }
    }

    package func put(_ entry: Entry, key: [UInt8], in slot: Slot) {
        slots[slot.index].table[key] = entry
    }

    package func remove(key: [UInt8], in slot: Slot) {
        slots[slot.index].table[key] = nil
    }

    package func append(_ entry: LogEntry, to slot: Slot) {
        slots[slot.index].log[entry.version] = entry
    }

    package func removeLogEntry(_ version: Version, of slot: Slot) {
        slots[slot.index].log[version] = nil
    }

    package func removeAll(in slot: Slot) {
        slots[slot.index] = SlotData()
    }

    package func setMeta(_ key: MetaKey, to value: [UInt8]?) {
        meta[key] = value
    }

    package func commit(mustSync: Bool) -> Ticket {
        durable += 1
        return durable
    }
}
