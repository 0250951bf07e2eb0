import Cluster
import Protocol

/// A store that knows what the end of its machine would leave. Batches become durable in order some time
/// after they were committed; the end of the process keeps all that were committed, the end of the machine
/// those that are durable and any number of those that follow: a lost one takes what came after it with it.
package final class SimulatedDisk: Store {
    private struct Batch {
        let ticket: Ticket
        let changes: [DiskState.Change]
        let due: Instant
    }

    package let isPersistent = true
    /// What the process sees.
    private(set) var live = DiskState()
    /// What is synced.
    private(set) var safe = DiskState()
    private var open: [DiskState.Change] = []
    private var waiting: [Batch] = []
    private(set) var lastTicket: Ticket = 0
    package private(set) var durable: Ticket = 0
    package private(set) var failure: StoreError?

    /// Who is told of each thing the process does to the disk, before it is done; false: the process has ended.
    var mayAct: () -> Bool = { true }
    var now = Instant.zero
    var drawSyncTime: () -> Duration = { .milliseconds(1) }
    /// No sync ends before.
    private var stalledUntil = Instant.zero

    // What the data folder's own file holds.
    private(set) var ring: RingID?
    private(set) var incarnation: UInt64 = 0
    let diskID: DiskID
    /// What was appended to logs since somebody looked.
    private var appended: [(slot: Slot, entry: LogEntry)] = []

    init(id: DiskID) { diskID = id }

    // MARK: The store's contract

    package func entry(in slot: Slot, key: [UInt8]) -> Entry? { live.tables[slot]?[key] }

    package func look(in slot: Slot, at key: UnsafeRawBufferPointer, _ body: (EntryView?) -> Void) -> Bool {
        guard let entry = entry(in: slot, key: Array(key)) else {
            body(nil)
            return true
        }
        EntryRun(CollectionOfOne(KeyedEntry(key: Array(key), entry: entry))).forEach(body)
        return true
    }

    package func chunk(of slot: Slot, after key: [UInt8]?, bytesMax: Int) -> StoreChunk {
        let rest = (live.tables[slot] ?? [:])
            .filter { item in key.map { $0.lexicographicallyPrecedes(item.key) } ?? true }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
        var taken: [(key: [UInt8], entry: Entry)] = []
        var bytes = 0
        for item in rest {
            bytes += item.key.count + item.value.value.count
            if !taken.isEmpty, bytes > bytesMax { break }
            taken.append((item.key, item.value))
        }
        return StoreChunk(entries: taken, isLast: taken.count == rest.count)
    }

    package func expiries(in slot: Slot, from: Timestamp, countMax: Int) -> [Expiry] {
        Expiry.all(of: live.tables[slot] ?? [:], from: from, countMax: countMax)
    }

    package func setExpiry(_ expiry: Expiry, in slot: Slot, isThere: Bool) {}

    package func loadMeta(_ each: (MetaKey, [UInt8]) throws(StoreError) -> Void) throws(StoreError) {
        for item in live.sortedMeta { try each(item.key, item.value) }
    }

    package func loadLogs(_ each: (Slot, LogEntry) throws(StoreError) -> Void) throws(StoreError) {
        for slot in live.logs.keys.sorted() {
            for entry in live.log(of: slot) { try each(slot, entry) }
        }
    }

    package func put(_ entry: Entry, key: [UInt8], in slot: Slot) { change(.put(slot, key, entry)) }
    package func remove(key: [UInt8], in slot: Slot) { change(.remove(slot, key)) }
    package func append(_ entry: LogEntry, to slot: Slot) {
        change(.append(slot, entry))
        appended.append((slot, entry))
    }
    package func removeLogEntry(_ version: Version, of slot: Slot) { change(.removeLogEntry(slot, version)) }
    package func removeAll(in slot: Slot) { change(.removeAll(slot)) }
    package func setMeta(_ key: MetaKey, to value: [UInt8]?) { change(.setMeta(key, value)) }

    private func change(_ change: DiskState.Change) {
        live.apply(change)
        open.append(change)
    }

    package func commit(mustSync: Bool) -> Ticket {
        lastTicket += 1
        guard mayAct(), failure == nil else { return lastTicket }
        let due = max(waiting.last?.due ?? now, max(stalledUntil, now) + drawSyncTime())
        waiting.append(Batch(ticket: lastTicket, changes: open, due: due))
        open.removeAll()
        return lastTicket
    }

    // MARK: Time

    /// When the next batch becomes durable.
    var nextDue: Instant? { failure == nil ? waiting.first?.due : nil }

    func advance(to now: Instant) {
        self.now = now
        guard failure == nil else { return }
        while let first = waiting.first, first.due <= now {
            for change in first.changes { safe.apply(change) }
            durable = first.ticket
            waiting.removeFirst()
        }
    }

    // MARK: What goes wrong

    func stall(until: Instant) { stalledUntil = max(stalledUntil, until) }

    func fail(_ what: String) { failure = failure ?? StoreError(what) }

    /// The process has ended: what it had not committed is gone, the rest is on its way to the disk, and lost
    /// when the machine ends before somebody opens the store again.
    func endProcess() {
        open.removeAll()
        failure = nil
    }

    /// A process opens the store: it syncs what it finds.
    func begin() {
        for batch in waiting { for change in batch.changes { safe.apply(change) } }
        restoreLive()
    }

    /// The machine has ended.
    /// - Parameter surviving: how many of that many batches that are not durable are there all the same.
    func endMachine(surviving: (Int) -> Int) {
        open.removeAll()
        failure = nil
        for batch in waiting.prefix(surviving(waiting.count)) {
            for change in batch.changes { safe.apply(change) }
        }
        restoreLive()
    }

    private func restoreLive() {
        waiting.removeAll()
        live = safe
        durable = lastTicket
        stalledUntil = .zero
    }

    /// One bit of what is there flips, under nobody's hands.
    func rot(_ slot: Slot, _ key: [UInt8], bit: UInt8) -> Entry? {
        guard let entry = live.tables[slot]?[key], safe.tables[slot]?[key] == entry else { return nil }
        var value = entry.value
        if !value.isEmpty { value[0] ^= 1 << bit }
        let time = Timestamp(milliseconds: entry.timestamp.milliseconds ^ (value.isEmpty ? 1 : 0))
        let rotten = Entry(value: value, version: entry.version, timestamp: time, expiry: entry.expiry)
        live.apply(.put(slot, key, rotten))
        safe.apply(.put(slot, key, rotten))
        return rotten
    }

    // MARK: The folder's file

    func remember(ring: RingID, incarnation: UInt64) {
        self.ring = ring
        self.incarnation = incarnation
    }

    func appended(to slot: Slot) -> [LogEntry] { appended.filter { $0.slot == slot }.map(\.entry) }
    func forgetAppended() { appended.removeAll(keepingCapacity: true) }

    func takeTouched() -> Set<Slot> { safe.takeTouched() }
}
