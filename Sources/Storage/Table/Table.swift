import Cluster
import Protocol

/// The entries of a node, in memory: a hash table of each slot's own, so that a slot is dropped, copied and read in
/// order without the others.
///
/// What is in it is raw memory (`TableEntry`, `Buckets`, `SlotTable`), which nothing outside this folder sees but as
/// an `EntryView` within a call. No look-up touches a reference count. One thread's.
final class Table {
    /// Entries of dropped slots that are freed with one change.
    private static let freedPerStep = 64

    private let slots: UnsafeMutablePointer<SlotTable>
    /// Of dropped slots.
    private var dropped: [SlotTable] = []
    private(set) var count = 0
    private let seed: UInt64

    /// - Parameter seed: of the hashes; unknown to clients, so that they cannot choose keys that collide.
    init(seed: UInt64 = .random(in: 0 ... .max)) {
        self.seed = seed
        slots = .allocate(capacity: Slot.count)
        slots.initialize(repeating: SlotTable(seed: seed), count: Slot.count)
    }

    deinit {
        for index in 0..<Slot.count { _ = slots[index].free(countMax: .max) }
        for index in dropped.indices { _ = dropped[index].free(countMax: .max) }
        slots.deinitialize(count: Slot.count)
        slots.deallocate()
    }

    /// What the entries and their buckets take of memory.
    var bytes: Int {
        (0..<Slot.count).reduce(Slot.count * MemoryLayout<SlotTable>.stride) { $0 + slots[$1].bytes }
    }

    func count(in slot: Slot) -> Int { slots[slot.index].count }

    // MARK: Reading

    @inline(__always)
    func entry(in slot: Slot, key: [UInt8]) -> Entry? {
        key.withUnsafeBytes { find($0, in: slot)?.entry }
    }

    /// Valid until the next change.
    @inline(__always)
    func find(_ key: UnsafeRawBufferPointer, in slot: Slot) -> EntryView? { slots[slot.index].find(key)?.view }

    /// Calls `body` with the entries behind `key` (nil: all) in key order, until it returns false. What it gets is
    /// valid only within the call.
    func forEach(in slot: Slot, after key: [UInt8]?, _ body: (EntryView) -> Bool) {
        slots[slot.index].forEach(after: key) { body($0.view) }
    }

    /// What expires, soonest first from `from` on, at most `countMax`.
    func expiries(in slot: Slot, from: Timestamp, countMax: Int) -> [Expiry] {
        slots[slot.index].expiries(from: from, countMax: countMax)
    }

    // MARK: Changing

    func put(_ entry: Entry, key: [UInt8], in slot: Slot) {
        key.withUnsafeBytes { put(entry, key: $0, in: slot) }
    }

    func put(_ view: EntryView, in slot: Slot) { put(view, key: view.key, in: slot) }

    private func put(_ record: some TableRecord, key: UnsafeRawBufferPointer, in slot: Slot) {
        freeSome()
        count -= slots[slot.index].count
        slots[slot.index].put(record, key: key)
        count += slots[slot.index].count
    }

    func remove(key: [UInt8], in slot: Slot) {
        freeSome()
        count -= slots[slot.index].count
        key.withUnsafeBytes { slots[slot.index].remove($0) }
        count += slots[slot.index].count
    }

    /// The memory comes back little by little.
    func removeAll(in slot: Slot) {
        guard slots[slot.index].count > 0 else { return }
        count -= slots[slot.index].count
        dropped.append((slots + slot.index).move())
        (slots + slot.index).initialize(to: SlotTable(seed: seed))
        freeSome()
    }

    private func freeSome() {
        guard !dropped.isEmpty else { return }
        if dropped[dropped.count - 1].free(countMax: Self.freedPerStep) { dropped.removeLast() }
    }
}
