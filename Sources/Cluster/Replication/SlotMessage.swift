import Protocol

/// What a message of a peer or a request of a client says of one slot.
protocol SlotMessage {
    var slot: Slot { get }
}

extension Append: SlotMessage {}
extension Acknowledgement: SlotMessage {}
extension RequestView: SlotMessage {}
