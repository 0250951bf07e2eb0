/// A slot in one of its epochs: what is said of it holds for no other.
package struct SlotEpoch: Hashable, Sendable {
    package let slot: Slot
    package let epoch: Epoch

    package init(slot: Slot, epoch: Epoch) {
        self.slot = slot
        self.epoch = epoch
    }
}
