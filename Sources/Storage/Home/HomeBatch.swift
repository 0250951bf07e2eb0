import CXXHash
import Cluster
import Protocol

/// Puts batches of the log together: what is changed again, or put and taken away again, goes to RocksDB once or never.
struct HomeBatch {
    private struct Key: Hashable {
        let family: RocksFamily
        let bytes: [UInt8]
        /// Made once: Swift's own hash takes bytes one by one, and a key is looked up several times.
        private let hash: UInt64

        /// - Parameter seed: so that nobody can choose keys of one hash.
        init(_ family: RocksFamily, _ bytes: [UInt8], seed: UInt64) {
            self.family = family
            self.bytes = bytes
            hash = bytes.withUnsafeBytes { XXH3_64bits_withSeed($0.baseAddress, $0.count, seed &+ UInt64(family.rawValue)) }
        }

        static func == (one: Key, other: Key) -> Bool {
            one.hash == other.hash && one.family == other.family && one.bytes == other.bytes
        }

        func hash(into hasher: inout Hasher) { hasher.combine(hash) }

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
    private var touched = SlotSet()
    private var clears: [RocksChange] = []
    private(set) var bytes = 0
    /// How many records are deleted, about.
    private(set) var removals = 0

    private let seed = UInt64.random(in: 0 ... .max)

    /// - Parameter count: of the keys that there will be, about.
    init(isReplay: Bool, count: Int = 0) {
        self.isReplay = isReplay
        values.reserveCapacity(count)
    }

    /// Of the keys that are changed.
    var count: Int { values.count }

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
        let key = Key(family, bytes, seed: seed)
        touch(key)
        self.bytes += bytes.count + value.count
        let isNew = family == .log && !isReplay && values[key] == nil
        values[key] = isNew ? .added(value) : .put(value)
    }

    private mutating func delete(_ family: RocksFamily, _ bytes: [UInt8]) {
        let key = Key(family, bytes, seed: seed)
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
