import CXXHash

/// A file of the log. Its name is the sequence of its first batch, in 16 hexadecimal digits; it begins with a head,
/// little endian, on disk, do not change:
///
///      0  "torclog1"
///      8  sequence of its first batch, 8 bytes
///     16  salt of its checksums, 8: random
///     24  checksum of these, 8: XXH3
struct LogSegment: Equatable {
    static let headBytes = 32
    private static let magic = UInt64(littleEndian: 0x3167_6F6C_6372_6F74)

    let first: UInt64
    let salt: UInt64

    init(first: UInt64) {
        self.first = first
        salt = .random(in: 1 ... .max)
    }

    var head: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.headBytes)
        bytes.withUnsafeMutableBytes { buffer in
            buffer.storeBytes(of: Self.magic.littleEndian, as: UInt64.self)
            buffer.storeBytes(of: first.littleEndian, toByteOffset: 8, as: UInt64.self)
            buffer.storeBytes(of: salt.littleEndian, toByteOffset: 16, as: UInt64.self)
            let sum = XXH3_64bits(UnsafeRawBufferPointer(buffer).baseAddress, 24)
            buffer.storeBytes(of: sum.littleEndian, toByteOffset: 24, as: UInt64.self)
        }
        return bytes
    }

    /// What a file says of itself; nil: it does not begin with a head.
    init?(head bytes: [UInt8]) {
        guard bytes.count >= Self.headBytes else { return nil }
        let words = bytes.withUnsafeBytes { buffer in
            (0..<4).map { UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)) }
        }
        let sum = bytes.withUnsafeBytes { XXH3_64bits($0.baseAddress, 24) }
        guard words[0] == Self.magic, words[3] == sum else { return nil }
        first = words[1]
        salt = words[2]
    }

    // MARK: Names

    static func name(first: UInt64) -> String {
        let digits = String(first, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits + ".seg"
    }

    /// Of the segments in the folder, in their order; other files are nobody's business.
    static func firsts(in folder: String) -> [UInt64] {
        FileSystem.names(in: folder).compactMap { name in
            guard name.count == 20, name.hasSuffix(".seg") else { return nil }
            return UInt64(name.dropLast(4), radix: 16)
        }.sorted()
    }
}
