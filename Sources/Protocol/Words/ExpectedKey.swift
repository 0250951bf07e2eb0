/// A key that will be asked for in a moment, where it lies.
package struct ExpectedKey {
    package let slot: Slot
    /// Valid within the call that is given it.
    package let key: UnsafeRawBufferPointer
    package let isWrite: Bool

    package init(slot: Slot, key: UnsafeRawBufferPointer, isWrite: Bool) {
        self.slot = slot
        self.key = key
        self.isWrite = isWrite
    }
}
