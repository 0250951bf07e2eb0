import Protocol

/// A value that is to be put and does not expire, shown where it lies.
package struct PlainEntry {
    /// Valid within the call that is given it.
    package let value: UnsafeRawBufferPointer
    package let version: Version
    package let timestamp: Timestamp
    /// The value, where it is a large one that may be shared.
    package let shared: [UInt8]?
    /// As `Entry.digest`.
    package let digest: ContentDigest?

    package init(
        value: UnsafeRawBufferPointer, version: Version, timestamp: Timestamp, shared: [UInt8]? = nil,
        digest: ContentDigest? = nil
    ) {
        self.value = value
        self.version = version
        self.timestamp = timestamp
        self.shared = shared
        self.digest = digest
    }
}
