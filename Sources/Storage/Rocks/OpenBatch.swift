import Cluster
import Protocol

/// The changes since the last `commit`, in their order, with what reads need to see them. They reach RocksDB
/// as one write at the commit, never earlier in part: a batch must be whole after a crash.
///
/// The request path reads data, so that has an index; meta values and logs are read at start only, and take
/// the changes in turn.
struct OpenBatch {
    /// What the batch says about one key of the data.
    enum Finding {
        case entry(Entry)
        case removed
        /// The database knows.
        case untouched
    }

    private(set) var changes: [RocksChange] = []
    /// Pieces of copies, which hardly anybody reads before they are committed: not in the index before somebody
    /// does. They come after everything that the index says of their slot.
    private var unindexed: [Slot: [EntryRun]] = [:]
    /// By data key; nil: removed.
    private var index: [[UInt8]: Entry?] = [:]
    /// What it says about expiries, by slot: whether they are there.
    private var expiries: [Slot: [Expiry: Bool]] = [:]
    /// Slots of which the database shows nothing any more.
    private var cleared: Set<Slot> = []
    private var touched: Set<Slot> = []
    /// How many records it removes, about.
    private(set) var removals = 0

    var isEmpty: Bool { changes.isEmpty }

    mutating func removeAll() {
        // A turn may bring a large batch once; its buffers should not stay for ever.
        let keeps = changes.count <= 4_096
        changes.removeAll(keepingCapacity: keeps)
        index.removeAll(keepingCapacity: keeps)
        unindexed.removeAll()
        expiries.removeAll(keepingCapacity: keeps)
        cleared.removeAll()
        touched.removeAll(keepingCapacity: keeps)
        removals = 0
    }

    mutating func putAll(_ run: EntryRun, in slot: Slot) {
        changes.append(.putAll(slot, run))
        unindexed[slot, default: []].append(run)
        touched.insert(slot)
    }

    /// To be called before what depends on single keys of `slot`.
    mutating func indexRuns(of slot: Slot) {
        guard !unindexed.isEmpty, let runs = unindexed.removeValue(forKey: slot) else { return }
        for item in runs.flatMap(\.entries) { index[StorageKey.data(slot, item.key)] = .some(item.entry) }
    }

    /// Whether the batch says nothing about data of `slot`.
    func isUntouched(_ slot: Slot) -> Bool { !touched.contains(slot) }

    mutating func put(_ entry: Entry, key: [UInt8], in slot: Slot) {
        indexRuns(of: slot)
        let key = StorageKey.data(slot, key)
        let bytes = StorageRecord.bytes(entry, sizeHint: entry.value.count + 32)
        changes.append(.put(.data, key: key, value: bytes))
        index[key] = .some(entry)
        touched.insert(slot)
    }

    mutating func remove(key: [UInt8], in slot: Slot) {
        indexRuns(of: slot)
        let key = StorageKey.data(slot, key)
        changes.append(.delete(.data, key: key))
        removals += 1
        index[key] = .some(nil)
        touched.insert(slot)
    }

    mutating func setExpiry(_ expiry: Expiry, in slot: Slot, isThere: Bool) {
        let key = StorageKey.expiry(slot, expiry.at, expiry.key)
        changes.append(isThere ? .put(.data, key: key, value: []) : .delete(.data, key: key))
        expiries[slot, default: [:]][expiry] = isThere
        touched.insert(slot)
    }

    func expiries(of slot: Slot) -> [Expiry: Bool] { expiries[slot] ?? [:] }

    mutating func append(_ entry: LogEntry, to slot: Slot) {
        let bytes = StorageRecord.bytes(entry, sizeHint: entry.size)
        changes.append(.put(.log, key: StorageKey.log(slot, entry.version), value: bytes))
        touched.insert(slot)
    }

    mutating func removeLogEntry(_ version: Version, of slot: Slot) {
        changes.append(.delete(.log, key: StorageKey.log(slot, version)))
        touched.insert(slot)
    }

    mutating func setMeta(_ key: MetaKey, to value: [UInt8]?) {
        let key = StorageKey.meta(key)
        changes.append(value.map { .put(.meta, key: key, value: $0) } ?? .delete(.meta, key: key))
    }

    /// Takes everything of `slot` away.
    /// - Parameter removals: what takes away all that the database has of it.
    mutating func clear(_ slot: Slot, removals: [RocksChange]) {
        if touched.remove(slot) != nil {
            changes.removeAll { $0.slot == slot }
            unindexed[slot] = nil
            index = index.filter { StorageKey.slot(of: $0.key) != slot }
            expiries[slot] = nil
        }
        // The removals that an earlier clear put there went with the rest; here are all again.
        changes.append(contentsOf: removals)
        for removal in removals {
            if case .deleteRange = removal { self.removals += RocksStore.recordsRemovedSinglyMax }
        }
        self.removals += removals.count
        if !removals.isEmpty {
            cleared.insert(slot)
            touched.insert(slot)
        }
    }

    mutating func find(_ slot: Slot, dataKey: [UInt8]) -> Finding {
        indexRuns(of: slot)
        if let known = index[dataKey] { return known.map(Finding.entry) ?? .removed }
        return cleared.contains(slot) ? .removed : .untouched
    }

    func isCleared(_ slot: Slot) -> Bool { cleared.contains(slot) }

    /// What the batch says about data keys of `slot` from `start` on, in key order.
    mutating func data(of slot: Slot, from start: [UInt8]) -> [(key: [UInt8], entry: Entry?)] {
        guard touched.contains(slot) else { return [] }
        indexRuns(of: slot)
        return index.filter { StorageKey.slot(of: $0.key) == slot && !$0.key.precedes(start) }
            .map { (key: $0.key, entry: $0.value) }
            .sorted { $0.key.precedes($1.key) }
    }

    /// Makes `records`, which are all of `family` (not data) in the database, what they will be after the batch.
    func apply(to records: inout [[UInt8]: [UInt8]], of family: RocksFamily) {
        for change in changes where change.family == family {
            switch change {
            case .put(_, let key, let value): records[key] = value
            case .delete(_, let key): records[key] = nil
            case .deleteRange(_, let from, let to):
                records = records.filter { $0.key.precedes(from) || !$0.key.precedes(to) }
            case .putAll: break
            }
        }
    }
}

extension [UInt8] {
    func precedes(_ other: [UInt8]) -> Bool { lexicographicallyPrecedes(other) }
}
