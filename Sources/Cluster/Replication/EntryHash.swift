import CXXHash
import Protocol

/// Numbers for an entry under its key, the same on every machine: XXH3 over version, time stamp, expiry, key and
/// value; of a value with a digest, over that. They are kept on disk and compared between nodes: do not change them.
enum EntryHash {
    /// What the digest of a slot adds up.
    static func sum(of entry: Entry, key: [UInt8]) -> UInt64 { hash(entry, key, seed: 0) }

    /// What names the entry in lists: 128 bits, since a chance must not make two different ones look the same.
    static func name(of entry: Entry, key: [UInt8]) -> EntryName {
        EntryName(high: hash(entry, key, seed: 0x9E37_79B9_7F4A_7C15), low: hash(entry, key, seed: 0))
    }

    /// As that of the entry that `view` shows.
    static func sum(of view: EntryView) -> UInt64 {
        if let digest = view.digest { return sum(of: view, digest: digest) }
        return hash(head(view.version, view.timestamp, view.expiry), view.key, view.value, seed: 0)
    }

    @inline(never)
    private static func sum(of view: EntryView, digest: ContentDigest) -> UInt64 {
        digest.withBytes { hash(head(view.version, view.timestamp, view.expiry), view.key, $0, seed: 0) }
    }

    private typealias Head = (UInt64, UInt64, UInt64, UInt64)

    private static func head(_ version: Version, _ timestamp: Timestamp, _ expiry: Timestamp?) -> Head {
        (
            version.rawValue.littleEndian, timestamp.milliseconds.littleEndian,
            (expiry?.milliseconds ?? 0).littleEndian, UInt64(expiry == nil ? 0 : 1).littleEndian
        )
    }

    private static func hash(_ entry: Entry, _ key: [UInt8], seed: UInt64) -> UInt64 {
        key.withUnsafeBytes { key in
            let head = head(entry.version, entry.timestamp, entry.expiry)
            if let digest = entry.digest { return digest.withBytes { hash(head, key, $0, seed: seed) } }
            return entry.value.withUnsafeBytes { hash(head, key, $0, seed: seed) }
        }
    }

    /// Key and value are hashed where they lie, each with what came before as its seed.
    private static func hash(
        _ head: Head, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, seed: UInt64
    ) -> UInt64 {
        let start = withUnsafeBytes(of: head) { XXH3_64bits_withSeed($0.baseAddress, $0.count, seed) }
        let keyed = XXH3_64bits_withSeed(key.baseAddress, key.count, start)
        return XXH3_64bits_withSeed(value.baseAddress, value.count, keyed)
    }
}

extension ContentDigest {
    fileprivate func withBytes(_ body: (UnsafeRawBufferPointer) -> UInt64) -> UInt64 {
        withUnsafeBytes(of: (high.littleEndian, low.littleEndian), body)
    }
}
