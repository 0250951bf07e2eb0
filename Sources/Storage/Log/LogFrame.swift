import CXXHash

/// A batch as it lies in a segment of the log. Numbers are little endian; on disk, do not change:
///
///      0  checksum, 8 bytes: XXH3 of all that follows, seeded with the segment's salt
///      8  sequence of the batch, 8
///     16  up to which sequence the log was synced when this was written, 8
///     24  length of the changes, 4
///     28  "TORC", 4
///     32  the changes
///
/// The salt keeps bytes that a client chose from being taken for a frame.
struct LogFrame {
    static let headBytes = 32
    private static let magic: [UInt8] = Array("TORC".utf8)

    let sequence: UInt64
    let synced: UInt64
    /// Where the changes are.
    let changes: Range<Int>

    /// - Parameter bytes: room for the head, then the changes, less than 4 GiB.
    static func seal(_ bytes: inout [UInt8], sequence: UInt64, synced: UInt64, salt: UInt64) {
        let count = UInt32(truncatingIfNeeded: bytes.count - headBytes)
        bytes.withUnsafeMutableBytes { buffer in
            buffer.storeBytes(of: sequence.littleEndian, toByteOffset: 8, as: UInt64.self)
            buffer.storeBytes(of: synced.littleEndian, toByteOffset: 16, as: UInt64.self)
            buffer.storeBytes(of: count.littleEndian, toByteOffset: 24, as: UInt32.self)
            for (index, byte) in magic.enumerated() { buffer[28 + index] = byte }
            let sum = checksum(UnsafeRawBufferPointer(buffer), 8..<buffer.count, salt)
            buffer.storeBytes(of: sum.littleEndian, as: UInt64.self)
        }
    }

    /// The frame that begins at `offset`; nil: no whole one does.
    init?(in bytes: [UInt8], at offset: Int, salt: UInt64) {
        let frame: LogFrame? = bytes.withUnsafeBytes { buffer in
            guard offset >= 0, buffer.count - offset >= Self.headBytes,
                (0..<4).allSatisfy({ buffer[offset + 28 + $0] == Self.magic[$0] })
            else { return nil }
            func number(_ at: Int) -> UInt64 {
                UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: offset + at, as: UInt64.self))
            }
            let count = Int(number(24) & 0xFFFF_FFFF)
            let start = offset + Self.headBytes
            guard buffer.count - start >= count,
                Self.checksum(buffer, (offset + 8)..<(start + count), salt) == number(0)
            else { return nil }
            return LogFrame(sequence: number(8), synced: number(16), changes: start..<(start + count))
        }
        guard let frame else { return nil }
        self = frame
    }

    private init(sequence: UInt64, synced: UInt64, changes: Range<Int>) {
        self.sequence = sequence
        self.synced = synced
        self.changes = changes
    }

    private static func checksum(_ buffer: UnsafeRawBufferPointer, _ range: Range<Int>, _ salt: UInt64) -> UInt64 {
        let part = UnsafeRawBufferPointer(rebasing: buffer[range])
        return XXH3_64bits_withSeed(part.baseAddress, part.count, salt)
    }
}
