import Protocol

/// Says how many entries a chunk takes: one at least, and no more once it would pass `bytesMax`.
struct ChunkBudget {
    private var rest: Int
    private var isEmpty = true

    init(bytesMax: Int) { rest = bytesMax }

    /// Whether the entry, of so many bytes, belongs to the chunk.
    mutating func take(bytes: Int) -> Bool {
        rest -= bytes
        defer { isEmpty = false }
        return isEmpty || rest >= 0
    }
}
