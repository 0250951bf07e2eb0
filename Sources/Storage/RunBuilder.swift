import Cluster
import Protocol

/// Builds a run from entries in key order.
struct RunBuilder {
    private var entries = EntryRun()
    /// There is an entry beyond the last one that was taken.
    private var isFull = false
    private var damage: DecodeError?
    private var budget: ChunkBudget

    init(bytesMax: Int) { budget = ChunkBudget(bytesMax: bytesMax) }

    /// Takes the next entry; returns whether it wants more.
    mutating func take(_ view: EntryView) -> Bool {
        guard budget.take(bytes: view.key.count + view.record.count) else {
            isFull = true
            return false
        }
        do throws(DecodeError) {
            try entries.append(key: view.key, record: view.record)
            return true
        } catch {
            damage = error
            return false
        }
    }

    func finish(_ slot: Slot) throws(StoreError) -> (entries: EntryRun, isLast: Bool) {
        if let damage { throw StorageRecord.damaged("an entry of slot \(slot) (\(damage))", in: "memory") }
        return (entries, !isFull)
    }
}
