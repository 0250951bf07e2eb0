import CXXHash
import Cluster
import Glibc
import Protocol

/// Puts batches of the log together: what is changed again, or put and taken away again, goes to RocksDB once or never.
///
/// A hash table of records, whose keys and values lie one behind another in one piece of memory: nothing is allocated for a
/// change.
struct HomeBatch {
    private enum State: UInt8 {
        case put
        /// RocksDB has nothing under the key: a log entry that came with this batch.
        case added
        case deleted
        /// Was added and is deleted: RocksDB need not know.
        case gone
    }

    private struct Record {
        let hash: UInt64
        /// Where the key lies, and the value right behind it.
        var start: Int
        let keyBytes: UInt32
        var valueBytes: UInt32
        let family: RocksFamily
        var state: State

        var key: Range<Int> { start..<start + Int(keyBytes) }
        var value: Range<Int> { key.upperBound..<key.upperBound + Int(valueBytes) }
    }

    /// Memory that has grown beyond this is given back.
    private static let bytesKept = 16 << 20
    private static let numberMask: UInt64 = 0xFFFF_FFFF

    /// Whether log entries may be taken for new ones. Not in a replay, where RocksDB may have them already.
    private var isReplay: Bool
    private var records: [Record] = []
    private var memory: [UInt8] = []
    /// By hash, in the next one that is free: the high half of the hash, and one more than the number of the record; or 0.
    private var places = [UInt64](repeating: 0, count: 1 << 10)
    private var touched = SlotSet()
    /// What was taken, in bytes of memory, about.
    private(set) var bytes = 0
    /// So that nobody can choose keys of one hash.
    private let seed = UInt64.random(in: 0 ... .max)

    init(isReplay: Bool) { self.isReplay = isReplay }

    var isEmpty: Bool { records.isEmpty }

    mutating func removeAll(isReplay: Bool) {
        self.isReplay = isReplay
        let room = memory.capacity + records.capacity * MemoryLayout<Record>.stride + places.count * MemoryLayout<UInt64>.stride
        guard room <= Self.bytesKept else { return self = HomeBatch(isReplay: isReplay) }
        records.removeAll(keepingCapacity: true)
        memory.removeAll(keepingCapacity: true)
        places.withUnsafeMutableBytes { _ = $0.initializeMemory(as: UInt8.self, repeating: 0) }
        touched = SlotSet()
        bytes = 0
    }

    /// Whether it has something of the slot.
    func touches(_ slot: Slot) -> Bool { touched.contains(slot) }

    /// - Parameter change: no `clear`.
    mutating func take(_ change: LogChange) {
        switch change {
        case .put(let family, let key, let value): put(family, key, value)
        case .delete(let family, let key): delete(family, key)
        case .putAll(let slot, let run):
            run.forEach { entry in
                StorageKey.data(slot, Array(entry.key)).withUnsafeBytes { key in entry.withRecord { put(.data, key, $0) } }
            }
        case .clear: break
        }
    }

    private mutating func put(_ family: RocksFamily, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        touch(family, key)
        bytes += key.count + value.count + MemoryLayout<Record>.stride
        let hash = hash(family, key)
        guard let number = find(family, key, hash) else {
            return add(family, key, value, hash, family == .log && !isReplay ? .added : .put)
        }
        let isUnknown = records[number].state == .added || records[number].state == .gone
        records[number].state = isUnknown ? .added : .put
        replaceValue(of: number, key, value)
    }

    private mutating func delete(_ family: RocksFamily, _ key: UnsafeRawBufferPointer) {
        touch(family, key)
        bytes += key.count + MemoryLayout<Record>.stride
        let hash = hash(family, key)
        guard let number = find(family, key, hash) else {
            return add(family, key, UnsafeRawBufferPointer(start: nil, count: 0), hash, .deleted)
        }
        let isUnknown = records[number].state == .added || records[number].state == .gone
        records[number].state = isUnknown ? .gone : .deleted
    }

    private mutating func touch(_ family: RocksFamily, _ key: UnsafeRawBufferPointer) {
        guard family != .meta, let slot = StorageKey.slot(of: key) else { return }
        touched.insert(slot)
    }

    /// Calls `body` with what is left of the changes, about in the order of RocksDB's keys: it finds the place of a record from
    /// that of the one before it. Without a value the record is deleted.
    func forEach(_ body: (RocksFamily, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) -> Void) {
        memory.withUnsafeBytes { memory in
            func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[range]) }
            let order = records.indices.map { (rank: Self.rank(records[$0].family, bytes(records[$0].key)), number: $0) }
            for (_, number) in order.sorted(by: { $0.rank < $1.rank }) {
                let record = records[number]
                switch record.state {
                case .put, .added: body(record.family, bytes(record.key), bytes(record.value))
                case .deleted: body(record.family, bytes(record.key), nil)
                case .gone: break
                }
            }
        }
    }

    /// Ascends with the family and, as far as seven bytes show it, with the key.
    private static func rank(_ family: RocksFamily, _ key: UnsafeRawBufferPointer) -> UInt64 {
        var first: UInt64 = 0
        withUnsafeMutableBytes(of: &first) { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: key.prefix(7))) }
        return UInt64(family.rawValue) << 56 | first.bigEndian >> 8
    }

    // MARK: The table

    private func hash(_ family: RocksFamily, _ key: UnsafeRawBufferPointer) -> UInt64 {
        XXH3_64bits_withSeed(key.baseAddress, key.count, seed &+ UInt64(family.rawValue))
    }

    /// The number of the record of the key; nil: it has none.
    private func find(_ family: RocksFamily, _ key: UnsafeRawBufferPointer, _ hash: UInt64) -> Int? {
        var place = Int(truncatingIfNeeded: hash) & (places.count - 1)
        while places[place] != 0 {
            let number = Int(places[place] & Self.numberMask) - 1
            if (places[place] ^ hash) & ~Self.numberMask == 0, isKey(of: number, family, key) { return number }
            place = (place + 1) & (places.count - 1)
        }
        return nil
    }

    private func isKey(of number: Int, _ family: RocksFamily, _ key: UnsafeRawBufferPointer) -> Bool {
        let record = records[number]
        guard record.family == family, record.keyBytes == key.count else { return false }
        return memory.withUnsafeBytes { memory in
            guard let known = memory.baseAddress, let key = key.baseAddress else { return true }
            return memcmp(known + record.start, key, Int(record.keyBytes)) == 0
        }
    }

    private mutating func add(
        _ family: RocksFamily, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, _ hash: UInt64, _ state: State
    ) {
        let record = Record(
            hash: hash, start: memory.count, keyBytes: UInt32(truncatingIfNeeded: key.count),
            valueBytes: UInt32(truncatingIfNeeded: value.count), family: family, state: state)
        append(key, value)
        records.append(record)
        if records.count > places.count / 4 * 3 { grow() } else { enter(records.count - 1) }
    }

    /// In its place if there is room for it.
    private mutating func replaceValue(of number: Int, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        let place = records[number].value
        if value.count <= place.count {
            memory.withUnsafeMutableBytes {
                UnsafeMutableRawBufferPointer(rebasing: $0[place]).copyMemory(from: value)
            }
        } else {
            records[number].start = memory.count
            append(key, value)
        }
        records[number].valueBytes = UInt32(truncatingIfNeeded: value.count)
    }

    private mutating func append(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        memory.append(contentsOf: key)
        memory.append(contentsOf: value)
    }

    private mutating func enter(_ number: Int) {
        let hash = records[number].hash
        var place = Int(truncatingIfNeeded: hash) & (places.count - 1)
        while places[place] != 0 { place = (place + 1) & (places.count - 1) }
        places[place] = hash & ~Self.numberMask | UInt64(number + 1)
    }

    private mutating func grow() {
        places = [UInt64](repeating: 0, count: places.count * 2)
        for number in records.indices { enter(number) }
    }
}
