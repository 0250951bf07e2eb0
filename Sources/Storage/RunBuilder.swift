import Cluster
import Protocol

/// Builds a run from entries in key order.
struct RunBuilder {
    private var entries = EntryRun()
    /// There is an entry beyond the last one that was taken.
    private var isFull = false
    private var budget: ChunkBudget

    init(bytesMax: Int) { budget = ChunkBudget(bytesMax: bytesMax) }

    /// Takes the next entry; returns whether it wants more.
    mutating func take(_ view: EntryView) -> Bool {
        isFull = !budget.take(bytes: view.key.count + view.recordBytes)
        if !isFull { entries.append(view) }
        return !isFull
    }

    var run: (entries: EntryRun, isLast: Bool) { (entries, !isFull) }
}
