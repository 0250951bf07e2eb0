/// Bytes of a stream, from where they are still needed on.
///
/// Invariant: `bytes` holds what has come and has not been handed out, from `start` on, and perhaps some of what was
/// handed out before it. What is left is moved only when it is the smaller part, so each byte moves once on average.
struct InputBuffer {
    /// Capacity that stays with an idle connection.
    private static let capacityKeptMax = 256 * 1024

    private(set) var bytes: [UInt8] = []
    /// The first byte that is still needed.
    var start = 0

    var pendingBytes: Int { bytes.count - start }

    /// Takes the next piece of the stream.
    /// - Returns: by how many places everything was moved to the front.
    mutating func append(_ piece: UnsafeRawBufferPointer) -> Int {
        let moved = compact()
        bytes.append(contentsOf: piece)
        return moved
    }

    /// Takes away what has been put elsewhere.
    mutating func remove(_ range: Range<Int>) { bytes.removeSubrange(range) }

    mutating func removeAll() { self = InputBuffer() }

    private mutating func compact() -> Int {
        guard start > 0, start >= pendingBytes else { return 0 }
        if pendingBytes > 0 {
            bytes.removeSubrange(0..<start)
        } else if bytes.capacity > InputBuffer.capacityKeptMax {
            bytes = []
        } else {
            bytes.removeAll(keepingCapacity: true)
        }
        defer { start = 0 }
        return start
    }
}
