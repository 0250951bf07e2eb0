/// A large word of a Redis client, gathered in memory of its own from the pieces in which it comes, its digest with it.
final class LargeWordReader {
    /// Without the end of its line.
    private let count: Int
    private var bytes: [UInt8] = []
    private let digest = ContentDigest.Running()

    init(count: Int) { self.count = count }

    /// The end of the line is taken too.
    var bytesTaken: Int { bytes.count }
    var missing: Int { count + 2 - bytes.count }

    /// - Parameter piece: no more than is missing.
    func take(_ piece: UnsafeRawBufferPointer) {
        if bytes.capacity < bytes.count + piece.count { makeRoom(for: bytes.count + piece.count) }
        digest.add(UnsafeRawBufferPointer(rebasing: piece.prefix(max(0, count - bytes.count))))
        bytes.append(contentsOf: piece)
    }

    /// Not for what is only announced: in a few steps, then for all. So no more is ever moved than a 64th of it.
    private func makeRoom(for taken: Int) {
        bytes.reserveCapacity(taken >= count / 64 ? count + 2 : 4 * taken)
    }

    /// To be called once, when nothing is missing.
    /// - Returns: nil: it does not end as a word must.
    func finish() -> RESPCommand.LargeWord? {
        guard bytes.suffix(2).elementsEqual([UInt8(ascii: "\r"), UInt8(ascii: "\n")]) else { return nil }
        bytes.removeLast(2)
        return RESPCommand.LargeWord(bytes: bytes, digest: digest.digest)
    }
}
