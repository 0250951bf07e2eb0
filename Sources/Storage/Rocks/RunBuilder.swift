import Protocol

/// Builds a run from the records of a table or of the database, in key order.
struct RunBuilder {
    private(set) var entries = EntryRun()
    /// There is an entry beyond the last one that was taken.
    private(set) var isFull = false
    private(set) var damage: DecodeError?
    private var budget: ChunkBudget

    init(bytesMax: Int) { budget = ChunkBudget(bytesMax: bytesMax) }

    /// Takes the database's next record; returns whether it wants more.
    mutating func take(key: UnsafeRawBufferPointer, record: UnsafeRawBufferPointer) -> Bool {
        take(userKey: UnsafeRawBufferPointer(rebasing: key.dropFirst(StorageKey.dataPrefixBytes)), record: record)
    }

    mutating func take(userKey: UnsafeRawBufferPointer, record: UnsafeRawBufferPointer) -> Bool {
        guard budget.take(bytes: userKey.count + record.count) else {
            isFull = true
            return false
        }
        do throws(DecodeError) {
            try entries.append(key: userKey, record: record)
            return true
        } catch {
            damage = error
            return false
        }
    }
}
