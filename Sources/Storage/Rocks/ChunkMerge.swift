import Cluster
import Protocol

/// Builds a chunk from the records of the database and the changes of the open batch, each in key order;
/// where both have a key, the change holds.
struct ChunkMerge {
    private var changes: ArraySlice<(key: [UInt8], entry: Entry?)>
    private var budget: ChunkBudget
    private var entries: [(key: [UInt8], entry: Entry)] = []
    private var isFull = false

    /// - Parameter changes: by data key; nil: removed.
    init(changes: [(key: [UInt8], entry: Entry?)], bytesMax: Int) {
        self.changes = changes[...]
        budget = ChunkBudget(bytesMax: bytesMax)
    }

    /// Takes the database's next record; returns whether it wants more.
    mutating func take(key: [UInt8], value: [UInt8]) throws(DecodeError) -> Bool {
        takeChanges { $0.precedes(key) }
        if let change = changes.first, change.key == key {
            takeChanges { $0 == key }
            return !isFull
        }
        guard !isFull else { return false }
        var reader = ByteReader(value)
        let entry: Entry = try reader.read()
        guard reader.isAtEnd else { throw .invalid("length") }
        add(key, entry)
        return !isFull
    }

    /// The database has no more, or the chunk is full.
    mutating func finish() -> StoreChunk {
        takeChanges { _ in true }
        return StoreChunk(entries: entries, isLast: !isFull)
    }

    private mutating func takeChanges(while condition: ([UInt8]) -> Bool) {
        while !isFull, let change = changes.first, condition(change.key) {
            changes.removeFirst()
            if let entry = change.entry { add(change.key, entry) }
        }
    }

    private mutating func add(_ key: [UInt8], _ entry: Entry) {
        let userKey = StorageKey.userKey(ofData: key)
        if budget.take(key: userKey, entry: entry) {
            entries.append((key: userKey, entry: entry))
        } else {
            // There is an entry beyond the last one that was taken.
            isFull = true
        }
    }
}
