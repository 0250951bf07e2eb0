import Protocol

/// A hash that is the same on every machine, so that sums of it tell sets apart.
enum Fingerprint {
    /// FNV-1a (RFC 9923), then a final mix.
    static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var mixed = Random(seed: hash)
        return mixed.next()
    }
}
