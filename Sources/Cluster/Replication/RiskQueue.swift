import Protocol

/// Slots that wait, those with the fewest copies first.
struct RiskQueue {
    private var slots: [SlotSet] = []

    var isEmpty: Bool { slots.allSatisfy(\.isEmpty) }
    var count: Int { slots.reduce(0) { $0 + $1.count } }

    /// Puts `slot` into the queue, or to another place in it.
    /// - Parameter copies: how many living nodes hold it.
    mutating func insert(_ slot: Slot, copies: Int) {
        for index in slots.indices where index != copies { slots[index].remove(slot) }
        while slots.count <= copies { slots.append(SlotSet()) }
        slots[copies].insert(slot)
    }

    mutating func removeFirst() -> Slot? {
        for index in slots.indices { if let slot = slots[index].removeFirst() { return slot } }
        return nil
    }
}
