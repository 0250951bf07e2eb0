import Cluster

/// What happened in a run, as a hash that two equal runs share, and as text for who wants to read it.
struct Trace {
    /// FNV-1a over every event.
    private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    /// Gets every line; nil: nobody reads.
    var print: ((String) -> Void)?

    var isRead: Bool { print != nil }

    mutating func add(_ words: UInt64...) {
        for word in words { hash = (hash ^ word) &* 0x100_0000_01B3 }
    }

    static func fingerprint(_ bytes: [UInt8]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash
    }
}
