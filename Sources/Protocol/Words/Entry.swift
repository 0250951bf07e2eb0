/// What the table holds under a key: a committed value.
package struct Entry: Equatable, Sendable {
    package let content: Content
    /// The write that made it.
    package let version: Version
    /// When the primary took that write.
    package let timestamp: Timestamp
    /// From when on it reads as missing; nil: never.
    package let expiry: Timestamp?

    package init(_ content: Content, version: Version, timestamp: Timestamp, expiry: Timestamp?) {
        self.content = content
        self.version = version
        self.timestamp = timestamp
        self.expiry = expiry
    }

    package init(value: [UInt8], version: Version, timestamp: Timestamp, expiry: Timestamp?, digest: ContentDigest? = nil) {
        self.init(Content(value, digest: digest), version: version, timestamp: timestamp, expiry: expiry)
    }

    package var value: [UInt8] { content.bytes }
    package var digest: ContentDigest? { content.digest }

    /// With the digest that its value has, whatever it was: of what a disk has kept for a while.
    package var recounted: Entry {
        guard let digest, case let actual = ContentDigest(of: value), actual != digest else { return self }
        return Entry(value: value, version: version, timestamp: timestamp, expiry: expiry, digest: actual)
    }

    package func isExpired(at now: Timestamp) -> Bool {
        expiry.map { $0 <= now } ?? false
    }
}
