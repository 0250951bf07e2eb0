import Cluster
import Protocol

/// Puts batches of the log together: what is changed again, or put and taken away again, goes to RocksDB once or never.
struct HomeBatch {
    private struct Key: Hashable {
        let family: RocksFamily
        let bytes: [UInt8]

        /// Ascends with the family and, as far as seven bytes show it, with the key.
        var rank: UInt64 {
            bytes.prefix(7).reduce(UInt64(family.rawValue)) { $0 << 8 | UInt64($1) } << (8 * UInt64(7 - min(7, bytes.count)))
        }
    }

    private enum Value {
        case put([UInt8])
        /// RocksDB has nothing under the key: a log entry that came with this batch.
        case added([UInt8])
        case deleted
    }

    /// Whether log entries may be taken for new ones. Not in a replay, where RocksDB may have them already.
    private let isReplay: Bool
    private var values: [Key: Value] = [:]
    private var touched: Set<Slot> = []
    private var clears: [RocksChange] = []
    private(set) var bytes = 0
    /// How many records are deleted, about.
    private(set) var removals = 0

    init(isReplay: Bool) { self.isReplay = isReplay }

    var isEmpty: Bool { values.isEmpty && clears.isEmpty }

    /// Whether something of the slot would come before its removal.
    func touches(_ slot: Slot) -> Bool { touched.contains(slot) }

    /// - Parameter change: no `clear`.
    mutating func take(_ change: LogChange) {
        switch change {
        case .put(let family, let key, let value): put(family, key, value)
        case .delete(let family, let key): delete(family, key)
        case .putAll(let slot, let run):
            run.forEach { put(.data, StorageKey.data(slot, Array($0.key)), Array($0.record)) }
        case .clear: break
        }
    }

    /// - Parameter removals: what takes away all that RocksDB has of a slot that the batch does not touch yet.
    mutating func clear(_ slot: Slot, removals: [RocksChange]) {
        clears += removals
        bytes += removals.count * 32
        self.removals += removals.count
        for removal in removals { if case .deleteRange = removal { self.removals += DiskStore.recordsRemovedSinglyMax } }
    }

    private mutating func put(_ family: RocksFamily, _ bytes: [UInt8], _ value: [UInt8]) {
        let key = Key(family: family, bytes: bytes)
        touch(key)
        self.bytes += bytes.count + value.count
        let isNew = family == .log && !isReplay && values[key] == nil
        values[key] = isNew ? .added(value) : .put(value)
    }

    private mutating func delete(_ family: RocksFamily, _ bytes: [UInt8]) {
        let key = Key(family: family, bytes: bytes)
        touch(key)
        self.bytes += bytes.count
        if case .added = values[key] {
            values[key] = nil
        } else {
            values[key] = .deleted
        }
    }

    private mutating func touch(_ key: Key) {
        guard key.family != .meta, let slot = StorageKey.slot(of: key.bytes) else { return }
        touched.insert(slot)
    }

    /// All of it, the removals of whole slots first, the rest about in the order of RocksDB's keys: it finds the place of a
    /// record from that of the one before it.
    func changes() -> (changes: [RocksChange], removals: Int) {
        var changes = clears
        changes.reserveCapacity(clears.count + values.count)
        var removals = removals
        let order = values.indices.map { (rank: values[$0].key.rank, index: $0) }.sorted { $0.rank < $1.rank }
        for (_, index) in order {
            let (key, value) = values[index]
            switch value {
            case .put(let value), .added(let value): changes.append(.put(key.family, key: key.bytes, value: value))
            case .deleted:
                changes.append(.delete(key.family, key: key.bytes))
                removals += 1
            }
        }
        return (changes, removals)
    }
}
