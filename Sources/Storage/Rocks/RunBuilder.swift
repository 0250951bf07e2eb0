import Protocol

/// Builds a run from records in key order.
struct RunBuilder {
    private(set) var entries = EntryRun()
    /// There is an entry beyond the last one that was taken.
    private(set) var isFull = false
    private(set) var damage: DecodeError?
    private var budget: ChunkBudget

    init(bytesMax: Int) { budget = ChunkBudget(bytesMax: bytesMax) }

    /// Takes the next record; returns whether it wants more.
    mutating func take(key: UnsafeRawBufferPointer, record: UnsafeRawBufferPointer) -> Bool {
        guard budget.take(bytes: key.count + record.count) else {
            isFull = true
            return false
        }
        do throws(DecodeError) {
            try entries.append(key: key, record: record)
            return true
        } catch {
            damage = error
            return false
        }
    }
}
