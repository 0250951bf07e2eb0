import Protocol

/// A large entry whose value is being looked at again, a piece at a time.
struct LargeCount {
    /// A tenth of a millisecond.
    private static let bytesPerStep = 1 << 20

    let key: [UInt8]
    private let entry: Entry
    private let running = ContentDigest.Running()
    private var place = 0

    init(_ key: [UInt8], _ entry: Entry) {
        self.key = key
        self.entry = entry
    }

    /// Looks at the next piece; returns how many bytes that is, 0 when it is done.
    mutating func step() -> Int {
        let piece = place..<min(place + Self.bytesPerStep, entry.value.count)
        entry.value.withUnsafeBytes { running.add(UnsafeRawBufferPointer(rebasing: $0[piece])) }
        place = piece.upperBound
        return piece.count
    }

    /// The entry, with the digest that its value has. To be asked for when all is done.
    var counted: Entry {
        Entry(value: entry.value, version: entry.version, timestamp: entry.timestamp, expiry: entry.expiry, digest: running.digest)
    }
}
