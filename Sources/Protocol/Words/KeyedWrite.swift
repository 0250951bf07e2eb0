/// One write of a batch.
package struct KeyedWrite: Equatable, Sendable {
    package let key: [UInt8]
    package let write: Write
    /// Whether nothing of the batch takes effect where this one's condition is not met or it is refused.
    package let isRequired: Bool

    package init(key: [UInt8], write: Write, isRequired: Bool = true) {
        self.key = key
        self.write = write
        self.isRequired = isRequired
    }

    package func isOf(_ slot: Slot) -> Bool {
        Slot(key: key) == slot && write.source.map { Slot(key: $0) == slot } ?? true
    }
}
