import Cluster
import Protocol

/// The store of `-storage memory`: nothing outlives the process, so a batch is durable once it is closed.
///
/// Invariant: it keeps what can be asked of it, the entries, and nothing else. Logs and meta values are asked for at
/// a start only, when there are none: they live in the node's own memory (`Replica`), not here as well.
package final class MemoryStore: Store {
    private let table = Table()

    package private(set) var durable: Ticket = 0
    package let isPersistent = false
    package let logBypass = LogBypass.always
    package let failure: StoreError? = nil

    package init() {}

    package func entry(in slot: Slot, key: [UInt8]) -> Entry? { table.entry(in: slot, key: key) }

    package func look(in slot: Slot, at key: UnsafeRawBufferPointer, _ body: (EntryView?) -> Void) -> Bool {
        if case .entry(let view) = table.find(key, in: slot) { body(view) } else { body(nil) }
        return true
    }

    package func expect(_ requests: UnsafeBufferPointer<RequestView>) { table.expect(requests) }

    package func chunk(of slot: Slot, after key: [UInt8]?, bytesMax: Int) -> StoreChunk {
        table.chunk(of: slot, after: key, bytesMax: bytesMax)
    }

    package func run(of slot: Slot, after key: [UInt8]?, bytesMax: Int) -> (entries: EntryRun, isLast: Bool) {
        table.run(of: slot, after: key, bytesMax: bytesMax)
    }

    package func expiries(in slot: Slot, from: Timestamp, countMax: Int) -> [Expiry] {
        table.expiries(in: slot, from: from, countMax: countMax)
    }

    package func loadMeta(_ each: (MetaKey, [UInt8]) throws(StoreError) -> Void) {}
    package func loadLogs(_ each: (Slot, LogEntry) throws(StoreError) -> Void) {}

    package func put(_ entry: Entry, key: [UInt8], in slot: Slot) { table.put(entry, key: key, in: slot) }
    package func exchange(
        _ entry: PlainEntry, key: UnsafeRawBufferPointer, in slot: Slot,
        before: (EntryView) -> Void, after: (EntryView) -> Void
    ) -> Bool {
        table.exchange(entry, key: key, in: slot, before: before, after: after)
        return true
    }

    package func remove(key: [UInt8], in slot: Slot) { table.remove(key: key, in: slot) }
    package func putAll(_ run: EntryRun, in slot: Slot) { table.putAll(run, in: slot) }
    package func removeAll(in slot: Slot) { table.removeAll(in: slot) }

    /// The table finds what expires by itself.
    package func setExpiry(_ expiry: Expiry, in slot: Slot, isThere: Bool) {}

    package func append(_ entry: LogEntry, to slot: Slot) {}
    package func removeLogEntry(_ version: Version, of slot: Slot) {}
    package func setMeta(_ key: MetaKey, to value: [UInt8]?) {}

    package func commit(mustSync: Bool) -> Ticket {
        durable += 1
        return durable
    }
}
