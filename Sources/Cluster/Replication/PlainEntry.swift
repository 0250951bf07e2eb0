import Protocol

/// A value that is to be put and does not expire, shown where it lies.
package struct PlainEntry {
    /// Valid within the call that is given it.
    package let value: UnsafeRawBufferPointer
    package let version: Version
    package let timestamp: Timestamp

    package init(value: UnsafeRawBufferPointer, version: Version, timestamp: Timestamp) {
        self.value = value
        self.version = version
        self.timestamp = timestamp
    }
}
