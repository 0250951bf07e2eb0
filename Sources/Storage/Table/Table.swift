import CProcessor
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
    /// Buckets of one slot that one search for what may leave looks at.
    private static let evictionPart = 512
    /// To look at an empty slot costs as much as so many buckets.
    private static let slotCost = 8

    /// Of each slot one, at the beginning of a line of the processor's cache: what a look-up needs is in the first. Where
    /// all of a page's slots were empty from the beginning it is not in memory (`SlotTable.init`).
    private let slots: UnsafeMutableRawPointer
    private static let slotBytes = 128
    /// Of dropped slots.
    private var dropped: [SlotTable] = []
    private(set) var count = 0
    /// What it takes of memory.
    private(set) var bytes = Slot.count * slotBytes
    /// Where the search for what may leave goes on.
    private var hand = (slot: 0, bucket: 0)
    private let seed: UInt64

    /// - Parameter seed: of the hashes; unknown to clients, so that they cannot choose keys that collide.
    init(seed: UInt64 = .random(in: 0 ... .max)) {
        self.seed = seed
        slots = Pages.map(Slot.count * Self.slotBytes)
    }

    deinit {
        for index in 0..<Slot.count { _ = place(index).pointee.free(countMax: .max) }
        for index in dropped.indices { _ = dropped[index].free(countMax: .max) }
        Pages.unmap(slots, Slot.count * Self.slotBytes)
    }

    @inline(__always)
    private func place(_ index: Int) -> UnsafeMutablePointer<SlotTable> {
        (slots + index * Self.slotBytes).assumingMemoryBound(to: SlotTable.self)
    }

    func count(in slot: Slot) -> Int { place(slot.index).pointee.count }

    /// Whether what is not here is nowhere.
    func isWhole(_ slot: Slot) -> Bool { place(slot.index).pointee.isWhole }

    /// Home has entries that are not here.
    func setPartial(_ slot: Slot) { place(slot.index).pointee.setPartial() }

    // MARK: Reading

    enum Finding {
        case entry(EntryView)
        case removed
        case absent
    }

    /// Valid until the next change.
    @inline(__always)
    func find(_ key: UnsafeRawBufferPointer, in slot: Slot) -> Finding {
        guard let entry = place(slot.index).pointee.find(key) else { return .absent }
        if entry.isRemoval { return .removed }
        entry.isRecent = true
        return .entry(entry.view)
    }

    /// Has the memory fetched that finding their keys will look at. Each step needs what the one before brought, and takes
    /// it for all keys at once.
    func expect(_ requests: UnsafeBufferPointer<RequestView>) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: requests.count) { hashes in
            for item in requests {
                let slot = slots + item.slot.index * Self.slotBytes
                torc_prefetch(slot)
                torc_prefetch(slot + 64)
            }
            for (index, item) in requests.enumerated() {
                hashes.initializeElement(at: index, to: place(item.slot.index).pointee.expect(item.key))
            }
            for (index, item) in requests.enumerated() { place(item.slot.index).pointee.expectEntry(hash: hashes[index]) }
        }
    }

    @inline(__always)
    func entry(in slot: Slot, key: [UInt8]) -> Entry? {
        key.withUnsafeBytes {
            if case .entry(let view) = find($0, in: slot) { view.entry } else { nil }
        }
    }

    /// Calls `body` with the entries behind `key` (nil: all) in key order, until it returns false. What it gets is
    /// valid only within the call.
    func forEach(in slot: Slot, after key: [UInt8]?, _ body: (EntryView) -> Bool) {
        forEachWithRemovals(in: slot, after: key) { $0.isRemoval || body($0.view) }
    }

    func forEachWithRemovals(in slot: Slot, after key: [UInt8]?, _ body: (TableEntry) -> Bool) {
        place(slot.index).pointee.forEach(after: key, body)
    }

    /// What expires, soonest first from `from` on, at most `countMax`.
    func expiries(in slot: Slot, from: Timestamp, countMax: Int) -> [Expiry] {
        place(slot.index).pointee.expiries(from: from, countMax: countMax)
    }

    // MARK: Changing; `batch` is the number of the batch that does it, where there is a home

    func put(_ entry: Entry, key: [UInt8], in slot: Slot, batch: UInt64 = 0) {
        key.withUnsafeBytes { put(entry, key: $0, in: slot, batch) }
    }

    func put(_ view: EntryView, in slot: Slot, batch: UInt64 = 0) { put(view, key: view.key, in: slot, batch) }

    private func put(_ record: some TableRecord, key: UnsafeRawBufferPointer, in slot: Slot, _ batch: UInt64) {
        change(slot) { $0.put(record, key: key, changed: batch) }
    }

    /// As `put`.
    /// - Parameters:
    ///   - before: is shown what is under the key, if there is anything.
    ///   - after: is shown what is there now.
    @inline(__always)
    func exchange(
        _ record: some TableRecord, key: UnsafeRawBufferPointer, in slot: Slot, batch: UInt64 = 0,
        before: (EntryView) -> Void, after: (EntryView) -> Void
    ) {
        change(slot) { table in
            after(table.put(record, key: key, changed: batch) { if !$0.isRemoval { before($0.view) } }.view)
        }
    }

    func remove(key: [UInt8], in slot: Slot, batch: UInt64 = 0) {
        key.withUnsafeBytes { key in change(slot) { $0.remove(key, changed: batch) } }
    }

    @inline(__always)
    private func change(_ slot: Slot, _ body: (inout SlotTable) -> Void) {
        freeSome()
        count -= place(slot.index).pointee.count
        bytes -= place(slot.index).pointee.bytes
        place(slot.index).pointee.setSeed(seed)
        body(&place(slot.index).pointee)
        count += place(slot.index).pointee.count
        bytes += place(slot.index).pointee.bytes
    }

    /// The memory comes back little by little.
    func removeAll(in slot: Slot, batch: UInt64 = 0) {
        count -= place(slot.index).pointee.count
        bytes -= place(slot.index).pointee.bytes
        let old = place(slot.index).move()
        place(slot.index).initialize(to: SlotTable(removedBy: batch))
        if old.count > 0 || old.bytes > 0 { dropped.append(old) }
        freeSome()
    }

    private func freeSome() {
        guard !dropped.isEmpty else { return }
        if dropped[dropped.count - 1].free(countMax: Self.freedPerStep) { dropped.removeLast() }
    }

    // MARK: Leaving

    /// Looks at so many buckets for what may leave, until the table has no more than `bytesMax`.
    func evict(bytesMax: Int, home: UInt64, bucketsMax: Int) {
        var left = bucketsMax
        while bytes > bytesMax, left > 0, let slot = Slot(hand.slot) {
            var next: Int?
            let part = min(left, Self.evictionPart)
            change(slot) { next = $0.evict(from: hand.bucket, countMax: part, home: home) }
            left -= max(Self.slotCost, min(part, place(slot.index).pointee.capacity))
            hand = next.map { (hand.slot, $0) } ?? ((hand.slot + 1) % Slot.count, 0)
        }
    }
}
