/// What the table holds under a key: a committed value.
package struct Entry: Equatable, Sendable {
    package let value: [UInt8]
    /// The write that made it.
    package let version: Version
    /// When the primary took that write.
    package let timestamp: Timestamp
    /// From when on it reads as missing; nil: never.
    package let expiry: Timestamp?
    /// Of a large value, as the primary took it: members count the entry by it. Nil: by the value itself.
    package let digest: ContentDigest?

    package init(
        value: [UInt8], version: Version, timestamp: Timestamp, expiry: Timestamp?, digest: ContentDigest? = nil
    ) {
        self.value = value
        self.version = version
        self.timestamp = timestamp
        self.expiry = expiry
        self.digest = digest
    }

    /// With the digest that its value has, whatever it was: of what a disk has kept for a while.
    package var recounted: Entry {
        guard let digest, case let actual = ContentDigest(of: value), actual != digest else { return self }
        return Entry(value: value, version: version, timestamp: timestamp, expiry: expiry, digest: actual)
    }

    package func isExpired(at now: Timestamp) -> Bool {
        expiry.map { $0 <= now } ?? false
    }
}
