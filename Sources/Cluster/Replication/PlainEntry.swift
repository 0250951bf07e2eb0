import Protocol

/// A value that is to be put and does not expire, shown where it lies. What it shows is valid within the call that is given it.
package struct PlainEntry {
    package let value: UnsafeRawBufferPointer
    package let version: Version
    package let timestamp: Timestamp
    /// The same value, where it has a digest. Not counted: most have none.
    private let unmanagedLarge: Unmanaged<DigestedValue>?

    package init(value: UnsafeRawBufferPointer, version: Version, timestamp: Timestamp) {
        self.value = value
        self.version = version
        self.timestamp = timestamp
        unmanagedLarge = nil
    }

    package init(large: DigestedValue, version: Version, timestamp: Timestamp) {
        value = large.bytes.withUnsafeBytes { $0 }
        self.version = version
        self.timestamp = timestamp
        unmanagedLarge = Unmanaged.passUnretained(large)
    }

    @inline(__always)
    package var isLarge: Bool { unmanagedLarge != nil }
    package var large: DigestedValue? { unmanagedLarge?.takeUnretainedValue() }
}
