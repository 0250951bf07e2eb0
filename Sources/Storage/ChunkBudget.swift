import Protocol

/// Says how many entries a chunk takes: one at least, and no more once it would pass `bytesMax`.
struct ChunkBudget {
    private var rest: Int
    private var isEmpty = true

    init(bytesMax: Int) { rest = bytesMax }

    /// Whether the entry belongs to the chunk.
    mutating func take(key: [UInt8], entry: Entry) -> Bool {
        take(bytes: key.count + entry.value.count + 32)
    }

    mutating func take(bytes: Int) -> Bool {
        rest -= bytes
        defer { isEmpty = false }
        return isEmpty || rest >= 0
    }
}
