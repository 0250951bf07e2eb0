import Protocol

@testable import Cluster

/// A store that knows what a crash would leave: batches become durable in order some time after their
/// commit; a crash keeps those and a random prefix of the rest.
final class TestStore: Store {
    private enum Change {
        case put(Slot, [UInt8], Entry)
        case remove(Slot, [UInt8])
        case append(Slot, LogEntry)
        case removeLogEntry(Slot, Version)
        case removeAll(Slot)
        case setMeta(MetaKey, [UInt8]?)
    }

    private struct State {
        var tables: [Slot: [[UInt8]: Entry]] = [:]
        var logs: [Slot: [Version: LogEntry]] = [:]
        var meta: [MetaKey: [UInt8]] = [:]

        mutating func apply(_ change: Change) {
            switch change {
            case .put(let slot, let key, let entry): tables[slot, default: [:]][key] = entry
            case .remove(let slot, let key): tables[slot]?[key] = nil
            case .append(let slot, let entry): logs[slot, default: [:]][entry.version] = entry
            case .removeLogEntry(let slot, let version): logs[slot]?[version] = nil
            case .removeAll(let slot):
                tables[slot] = nil
                logs[slot] = nil
            case .setMeta(let key, let value): meta[key] = value
            }
        }
    }

    let isPersistent = true
    /// `always`: as if nothing had to be synced, what is committed is safe.
    var logBypass = LogBypass.never
    private var live = State()
    private var safe = State()
    private var open: [Change] = []
    private var waiting: [(ticket: Ticket, changes: [Change], due: Instant)] = []
    private var lastTicket: Ticket = 0
    private(set) var durable: Ticket = 0
    private(set) var failure: StoreError?
    /// How long the next batch takes, and what time it is: set by the world.
    var now = Instant.zero
    var syncTime: () -> Duration = { .milliseconds(1) }

    /// When the next batch becomes durable.
    var nextDue: Instant? { waiting.first?.due }

    func entry(in slot: Slot, key: [UInt8]) -> Entry? { live.tables[slot]?[key] }

    func look(in slot: Slot, at key: UnsafeRawBufferPointer, _ body: (EntryView?) -> Void) -> Bool {
        guard let entry = entry(in: slot, key: Array(key)) else {
            body(nil)
            return true
        }
        EntryRun(CollectionOfOne(KeyedEntry(key: Array(key), entry: entry))).forEach(body)
        return true
    }

    func chunk(of slot: Slot, after key: [UInt8]?, bytesMax: Int) -> StoreChunk {
        let sorted = (live.tables[slot] ?? [:]).sorted { $0.key.lexicographicallyPrecedes($1.key) }
        let rest = sorted.filter { item in key.map { $0.lexicographicallyPrecedes(item.key) } ?? true }
        var taken: [(key: [UInt8], entry: Entry)] = []
        var bytes = 0
        for item in rest {
            if !taken.isEmpty, bytes + item.key.count + item.value.value.count > bytesMax { break }
            bytes += item.key.count + item.value.value.count
            taken.append((item.key, item.value))
        }
        return StoreChunk(entries: taken, isLast: taken.count == rest.count)
    }

    func expiries(in slot: Slot, from: Timestamp, countMax: Int) -> [Expiry] {
        Expiry.all(of: live.tables[slot] ?? [:], from: from, countMax: countMax)
    }

    /// What it has of the slot, but for the log; nil: no record.
    func asStored(_ slot: Slot) -> Replica? {
        Replica.asStored(slot, record: live.meta[.slot(slot)], progress: live.meta[.progress(slot)])
    }

    func latestVersion(in slot: Slot) -> Version? { live.tables[slot]?.values.map(\.version).max() }

    func setExpiry(_ expiry: Expiry, in slot: Slot, isThere: Bool) {}

    func loadMeta(_ each: (MetaKey, [UInt8]) throws(StoreError) -> Void) throws(StoreError) {
        for (key, value) in live.meta { try each(key, value) }
    }

    func loadLogs(_ each: (Slot, LogEntry) throws(StoreError) -> Void) throws(StoreError) {
        for (slot, log) in live.logs {
            for version in log.keys.sorted() {
                if let entry = log[version] { try each(slot, entry) }
            }
        }
    }

    private func change(_ change: Change) {
        live.apply(change)
        open.append(change)
    }

    func put(_ entry: Entry, key: [UInt8], in slot: Slot) { change(.put(slot, key, entry)) }
    func remove(key: [UInt8], in slot: Slot) { change(.remove(slot, key)) }
    func append(_ entry: LogEntry, to slot: Slot) { change(.append(slot, entry)) }
    func removeLogEntry(_ version: Version, of slot: Slot) { change(.removeLogEntry(slot, version)) }
    func removeAll(in slot: Slot) { change(.removeAll(slot)) }
    func setMeta(_ key: MetaKey, to value: [UInt8]?) { change(.setMeta(key, value)) }

    func commit(mustSync: Bool) -> Ticket {
        lastTicket += 1
        guard logBypass != .always else {
            open.forEach { safe.apply($0) }
            open = []
            durable = lastTicket
            return lastTicket
        }
        let due = max(waiting.last?.due ?? now, now + syncTime())
        waiting.append((lastTicket, open, due))
        open = []
        return lastTicket
    }

    func advance(to now: Instant) {
        self.now = now
        while let first = waiting.first, first.due <= now {
            first.changes.forEach { safe.apply($0) }
            durable = first.ticket
            waiting.removeFirst()
        }
    }

    /// - Parameter surviving: how many of the batches that are not durable are there all the same.
    func crash(surviving: (Int) -> Int) {
        for batch in waiting.prefix(surviving(waiting.count)) { batch.changes.forEach { safe.apply($0) } }
        waiting = []
        open = []
        live = safe
        durable = lastTicket
    }

    func table(of slot: Slot) -> [[UInt8]: Entry] { live.tables[slot] ?? [:] }
}
