/// What the table holds under a key: a committed value.
package struct Entry: Equatable, Sendable {
    package let value: [UInt8]
    /// The write that made it.
    package let version: Version
    /// When the primary took that write.
    package let timestamp: Timestamp
    /// From when on it reads as missing; nil: never.
    package let expiry: Timestamp?

    package init(value: [UInt8], version: Version, timestamp: Timestamp, expiry: Timestamp?) {
        self.value = value
        self.version = version
        self.timestamp = timestamp
        self.expiry = expiry
    }

    package func isExpired(at now: Timestamp) -> Bool {
        expiry.map { $0 <= now } ?? false
    }
}
