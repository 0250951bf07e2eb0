import Cluster
import Protocol

extension DiskStore {
    /// Calls `body` with the entries behind `key` in key order, those of the table and those that are at home only, until
    /// it returns false; it does once it has more than two entries and `bytesMax` bytes.
    func forEach(
        in slot: Slot, after key: [UInt8]?, bytesMax: Int, _ body: (EntryView) -> Bool
    ) throws(StoreError) {
        var merge = TableMerge(table, slot, after: key, bytesMax: bytesMax)
        // The first key after another is that with a zero byte behind it.
        let start = StorageKey.data(slot, key ?? []) + (key == nil ? [] : [0])
        var isDamaged = false
        do throws(RocksError) {
            try database.scan(.data, from: start, to: StorageKey.dataEnd(of: slot)) { record in
                let key = UnsafeRawBufferPointer(rebasing: record.rawKey.dropFirst(StorageKey.dataPrefixBytes))
                guard let view = EntryView(key: key, record: record.rawValue) else {
                    isDamaged = true
                    return false
                }
                return merge.take(view, body)
            }
        } catch {
            throw .cannotRead(error, in: database.path)
        }
        if isDamaged { throw StorageRecord.damaged("an entry of slot \(slot)", in: database.path) }
        merge.finish(body)
    }
}

/// Merges what the table has of a slot with what home has, each in key order; where both have a key, the table is right.
private struct TableMerge {
    private var entries: ArraySlice<TableEntry>
    private var isOver = false

    /// Takes no more of the table than a chunk needs, since that is to cost what is in it and not the slot.
    init(_ table: Table, _ slot: Slot, after key: [UInt8]?, bytesMax: Int) {
        var entries: [TableEntry] = []
        var left = bytesMax
        var live = 0
        table.forEachWithRemovals(in: slot, after: key) { entry in
            entries.append(entry)
            if entry.isRemoval { return true }
            live += 1
            left -= entry.view.recordBytes + entry.key.count
            return left >= 0 || live < 3
        }
        self.entries = entries[...]
    }

    /// The next entry that home has; returns whether more are wanted.
    mutating func take(_ view: EntryView, _ body: (EntryView) -> Bool) -> Bool {
        while !isOver, let entry = entries.first {
            let order = entry.key.compared(to: view.key)
            if order > 0 { break }
            pass(entry, body)
            if order == 0 { return !isOver }
        }
        guard !isOver else { return false }
        isOver = !body(view)
        return !isOver
    }

    /// Home has no more.
    mutating func finish(_ body: (EntryView) -> Bool) {
        while !isOver, let entry = entries.first { pass(entry, body) }
    }

    private mutating func pass(_ entry: TableEntry, _ body: (EntryView) -> Bool) {
        entries.removeFirst()
        if !entry.isRemoval { isOver = !body(entry.view) }
    }
}
