import Cluster
import Protocol

/// The entries of one slot: a hash table that grows and shrinks a few buckets with every change, and for a large slot
/// the orders by key and by expiry, so that neither a chunk nor the search for what expires walks over all of it.
///
/// Invariants: an entry is in exactly one bucket, of `current` or, not before `moved`, of `old`; `orders` is there
/// while the slot is large, and has every entry then; where the slot is `whole`, what is not in it is nowhere, and no
/// removal is in it. `SlotTable` owns the entries that are in it: `Table` never
/// copies one that it goes on using.
struct SlotTable {
    /// A table of at most so many buckets is made over at once: it takes some ten microseconds.
    private static let madeOverAtOnceMax = 512
    /// Buckets, and entries in them, that are moved with one change. More than four thirds are needed to be done
    /// before the new table is full.
    private static let bucketsPerStep = 16
    private static let movesPerStep = 4
    private static let capacityMin = 8
    /// From here on a slot has orders. Below, sorting takes a hundred microseconds.
    static let largeMin = 1_024

    private final class Orders {
        let byKey = EntryOrder(.byKey)
        let byExpiry = EntryOrder(.byExpiry)

        func add(_ entry: TableEntry) {
            byKey.insert(entry)
            if entry.expiry != nil { byExpiry.insert(entry) }
        }
    }

    // What a look-up needs: 64 bytes, one line of the processor's cache.
    private var current = Buckets()
    private var old = Buckets()
    private var seed: UInt64 = 0
    /// Removals too.
    private(set) var count = 0

    /// No entry has left it, or could be at home and not here.
    var isWhole: Bool { !isPartial }
    private var isPartial = false
    /// The last batch that took something out of it while it was whole: before home has that, what home has of the slot
    /// is not to be asked for.
    private var removedBy: UInt64 = 0
    /// What the entries take of the heap.
    private var entryBytes = 0
    private var moved = 0
    /// Not counted: to look something up would count it each time, where there is none, too.
    private var unmanagedOrders: Unmanaged<Orders>?
    private var orders: Orders? {
        get { unmanagedOrders?.takeUnretainedValue() }
        set {
            unmanagedOrders?.release()
            unmanagedOrders = newValue.map { Unmanaged.passRetained($0) }
        }
    }

    /// An empty table; where `removedBy` is 0 it is all zeros, as fresh memory is.
    /// - Parameter removedBy: the batch that took everything out of the slot.
    init(removedBy: UInt64 = 0) { self.removedBy = removedBy }

    /// To be called before every change.
    /// - Parameter seed: of the hashes, always the same one.
    @inline(__always)
    mutating func setSeed(_ seed: UInt64) {
        if current.capacity == 0 { self.seed = seed }
    }

    /// Home has entries that are not here.
    mutating func setPartial() { isPartial = true }

    var capacity: Int { current.capacity }

    var bytes: Int { entryBytes + current.bytes + old.bytes }

    // MARK: Reading

    @inline(__always)
    func find(_ key: UnsafeRawBufferPointer) -> TableEntry? {
        guard count > 0 else { return nil }
        let hash = TableEntry.hash(key, seed: seed)
        if let index = current.find(key, hash: hash) { return current[index] }
        guard old.capacity > 0, let index = old.find(key, hash: hash, from: moved) else { return nil }
        return old[index]
    }

    /// Has the buckets fetched in which the key is looked for.
    /// - Returns: the hash of the key.
    @inline(__always)
    func expect(_ key: UnsafeRawBufferPointer) -> UInt64 {
        let hash = TableEntry.hash(key, seed: seed)
        current.expect(hash: hash)
        return hash
    }

    /// Has the entry fetched that is probably the one of that hash.
    @inline(__always)
    func expectEntry(hash: UInt64) { current.expectEntry(hash: hash) }

    /// Calls `body` with the entries behind `key` (nil: all) in key order, until it returns false.
    func forEach(after key: [UInt8]?, _ body: (TableEntry) -> Bool) {
        if let orders {
            return orders.byKey.forEach(behind: key.map { EntryOrder.Place(expiry: 0, key: $0) }, body)
        }
        var entries: [TableEntry] = []
        entries.reserveCapacity(count)
        if let key {
            key.withUnsafeBytes { key in forEach { if $0.key.compared(to: key) > 0 { entries.append($0) } } }
        } else {
            forEach { entries.append($0) }
        }
        entries.sort { $0.key.compared(to: $1.key) < 0 }
        for entry in entries where !body(entry) { return }
    }

    /// What expires, soonest first from `from` on, at most `countMax`.
    func expiries(from: Timestamp, countMax: Int) -> [Expiry] {
        var found: [Expiry] = []
        if let orders {
            let place = EntryOrder.Place(expiry: from.milliseconds, key: [])
            orders.byExpiry.forEach(behind: place) { entry in
                if let at = entry.expiry { found.append(Expiry(at: at, key: Array(entry.key))) }
                return found.count < countMax
            }
            return Array(found.prefix(countMax))
        }
        forEach { entry in
            if let at = entry.expiry, at >= from { found.append(Expiry(at: at, key: Array(entry.key))) }
        }
        return Array(found.sorted().prefix(countMax))
    }

    private func forEach(_ body: (TableEntry) -> Void) {
        for index in 0..<current.capacity { if let entry = current[index] { body(entry) } }
        for index in min(moved, old.capacity)..<old.capacity { if let entry = old[index] { body(entry) } }
    }

    // MARK: Changing

    /// - Parameter before: is shown what is under the key, if there is anything.
    /// - Returns: what is there now.
    @inline(__always)
    @discardableResult
    mutating func put(
        _ record: some TableRecord, key: UnsafeRawBufferPointer, changed: UInt64, before: (TableEntry) -> Void = { _ in }
    ) -> TableEntry {
        moveSome()
        let hash = TableEntry.hash(key, seed: seed)
        if let index = current.find(key, hash: hash), let entry = current[index] {
            before(entry)
            guard let new = replace(entry, by: record, changed) else { return entry }
            current.replace(at: index, by: new, hash: hash)
            return new
        }
        if old.capacity > 0, let index = old.find(key, hash: hash, from: moved), let entry = old[index] {
            before(entry)
            guard let new = replace(entry, by: record, changed) else { return entry }
            old.replace(at: index, by: new, hash: hash)
            return new
        }
        let entry = TableEntry(key: key, record: record, changed: changed)
        add(entry, hash: hash)
        return entry
    }

    private mutating func add(_ entry: TableEntry, hash: UInt64) {
        makeRoom()
        current.add(entry, hash: hash)
        count += 1
        entryBytes += entry.allocatedBytes
        if let orders { orders.add(entry) } else if count >= Self.largeMin { order() }
    }

    /// Returns the entry that takes the place of `entry`; nil: it is the same one.
    private mutating func replace(
        _ entry: TableEntry, by record: some TableRecord, _ changed: UInt64
    ) -> TableEntry? {
        if let orders, entry.expiry != nil { orders.byExpiry.remove(entry) }
        var new = entry
        let isRewritten = entry.rewrite(record, changed: changed)
        if !isRewritten {
            new = TableEntry(key: entry.key, record: record, changed: changed)
            orders?.byKey.replace(entry, by: new)
            entryBytes += new.allocatedBytes - entry.allocatedBytes
            entry.free()
        }
        if let orders, new.expiry != nil { orders.byExpiry.insert(new) }
        return isRewritten ? nil : new
    }

    /// - Parameter changed: the batch that does it.
    mutating func remove(_ key: UnsafeRawBufferPointer, changed: UInt64) {
        guard isWhole else {
            put(Removal(), key: key, changed: changed)
            return
        }
        removedBy = changed
        guard count > 0 else { return }
        moveSome()
        let hash = TableEntry.hash(key, seed: seed)
        if let index = current.find(key, hash: hash) {
            discard(current[index])
            current.remove(at: index)
        } else if old.capacity > 0, let index = old.find(key, hash: hash, from: moved) {
            discard(old[index])
            old.mark(removedAt: index)
        } else {
            return
        }
        shrink()
    }

    private mutating func discard(_ entry: TableEntry?) {
        guard let entry else { return }
        count -= 1
        entryBytes -= entry.allocatedBytes
        if let orders {
            orders.byKey.remove(entry)
            if entry.expiry != nil { orders.byExpiry.remove(entry) }
            if count < Self.largeMin / 2 { self.orders = nil }
        }
        entry.free()
    }

    private mutating func order() {
        let orders = Orders()
        forEach { orders.add($0) }
        self.orders = orders
    }

    // MARK: Size

    private mutating func makeRoom() {
        guard (current.used + 1) * 4 > current.capacity * 3 else { return }
        // With many removed ones among them the same size is enough.
        let isFull = (count + 1) * 8 > current.capacity * 3
        resize(to: max(Self.capacityMin, isFull ? current.capacity * 2 : current.capacity))
    }

    private mutating func shrink() {
        while old.capacity == 0, current.capacity > Self.capacityMin, count * 8 < current.capacity {
            resize(to: current.capacity / 2)
        }
    }

    private mutating func resize(to capacity: Int) {
        while old.capacity > 0 { moveSome() }
        old = current
        moved = 0
        current = Buckets(capacity: capacity)
        if old.capacity == 0 { return }
        if old.capacity <= Self.madeOverAtOnceMax { while old.capacity > 0 { moveSome() } }
    }

    /// Moves the next entries from `old` to `current`.
    private mutating func moveSome() {
        guard old.capacity > 0 else { return }
        var moves = 0
        let end = min(moved + Self.bucketsPerStep, old.capacity)
        while moved < end, moves < Self.movesPerStep {
            if let entry = old[moved] {
                current.add(entry, hash: TableEntry.hash(entry.key, seed: seed))
                moves += 1
            }
            moved += 1
            old.release(before: moved)
        }
        guard moved == old.capacity else { return }
        old.free()
        old = Buckets()
        moved = 0
    }

    // MARK: Leaving

    /// Takes out what is at home and was not looked at since the last time (CLOCK), and removals that home knows.
    /// What expires stays, to be found by its expiry.
    /// - Parameters:
    ///   - start: the bucket with which it begins.
    ///   - home: the last batch that is there.
    /// - Returns: the bucket with which to go on; nil: the slot is done.
    mutating func evict(from start: Int, countMax: Int, home: UInt64) -> Int? {
        guard removedBy <= home else { return nil }
        for _ in 0..<countMax / Self.bucketsPerStep where old.capacity > 0 { moveSome() }
        let end = min(start + countMax, current.capacity)
        for index in min(start, end)..<end {
            guard let entry = current[index], entry.isAtHome(home), entry.expiry == nil else { continue }
            if entry.isRecent {
                entry.isRecent = false
                continue
            }
            if !entry.isRemoval { isPartial = true }
            discard(entry)
            current.remove(at: index)
        }
        guard end == current.capacity else { return end }
        shrink()
        return nil
    }

    // MARK: The end

    /// Frees at most `countMax` entries; returns whether all are gone and the table with them. For a table that
    /// nobody uses any more.
    mutating func free(countMax: Int) -> Bool {
        orders = nil
        var left = countMax
        if old.capacity > 0 {
            guard Self.free(&old, from: &moved, &left) else { return false }
            moved = 0
        }
        guard Self.free(&current, from: &moved, &left) else { return false }
        self = SlotTable()
        return true
    }

    /// Returns whether all are gone, and the buckets with them.
    private static func free(_ buckets: inout Buckets, from index: inout Int, _ left: inout Int) -> Bool {
        while index < buckets.capacity, left > 0 {
            if let entry = buckets[index] {
                entry.free()
                left -= 1
            }
            index += 1
        }
        guard index == buckets.capacity else { return false }
        buckets.free()
        buckets = Buckets()
        return true
    }
}
