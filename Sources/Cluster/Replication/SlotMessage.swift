import Protocol

/// What a message says of one slot.
protocol SlotMessage {
    var slot: Slot { get }
}

extension Append: SlotMessage {}
extension Acknowledgement: SlotMessage {}
