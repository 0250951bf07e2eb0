import Protocol

/// A value that is to be put and does not expire, shown where it lies. What it shows is valid within the call that is given it.
package struct PlainEntry {
    package let value: UnsafeRawBufferPointer
    package let version: Version
    package let timestamp: Timestamp
    /// The same value, where it is a large one; nil: it is small.
    package let large: UnsafePointer<LargeValue>?

    /// - Parameter value: a small one.
    package init(value: UnsafeRawBufferPointer, version: Version, timestamp: Timestamp) {
        self.value = value
        self.version = version
        self.timestamp = timestamp
        large = nil
    }

    package init(large: UnsafePointer<LargeValue>, version: Version, timestamp: Timestamp) {
        value = large.pointee.bytes.withUnsafeBytes { $0 }
        self.version = version
        self.timestamp = timestamp
        self.large = large
    }
}
