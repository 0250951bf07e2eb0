import Cluster
import Protocol

extension Table {
    /// As `Store.chunk`.
    func chunk(of slot: Slot, after key: [UInt8]?, bytesMax: Int) -> StoreChunk {
        var budget = ChunkBudget(bytesMax: bytesMax)
        var entries: [(key: [UInt8], entry: Entry)] = []
        var isLast = true
        forEach(in: slot, after: key) { view in
            isLast = budget.take(bytes: view.key.count + view.value.count + 32)
            if isLast { entries.append((key: Array(view.key), entry: view.entry)) }
            return isLast
        }
        return StoreChunk(entries: entries, isLast: isLast)
    }

    /// As `Store.run`: records go into it as they are.
    func run(
        of slot: Slot, after key: [UInt8]?, bytesMax: Int
    ) throws(StoreError) -> (entries: EntryRun, isLast: Bool) {
        var run = RunBuilder(bytesMax: bytesMax)
        forEach(in: slot, after: key) { run.take(key: $0.key, record: $0.record) }
        if let damage = run.damage { throw StorageRecord.damaged("an entry of slot \(slot) (\(damage))", in: "memory") }
        return (run.entries, !run.isFull)
    }

    func putAll(_ run: EntryRun, in slot: Slot) {
        run.forEach { put($0, in: slot) }
    }
}
