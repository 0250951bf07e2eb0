import Cluster
import Protocol

/// Builds a chunk from entries in key order.
struct ChunkBuilder {
    private var budget: ChunkBudget
    private var entries: [(key: [UInt8], entry: Entry)] = []
    private var isFull = false

    init(bytesMax: Int) { budget = ChunkBudget(bytesMax: bytesMax) }

    var chunk: StoreChunk { StoreChunk(entries: entries, isLast: !isFull) }

    /// Takes the next entry; returns whether it wants more.
    mutating func take(_ view: EntryView) -> Bool {
        isFull = !budget.take(bytes: view.key.count + view.value.count + 32)
        if !isFull { entries.append((key: Array(view.key), entry: view.entry)) }
        return !isFull
    }
}
