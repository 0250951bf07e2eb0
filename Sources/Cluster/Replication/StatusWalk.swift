import Protocol

/// A look at all slots that may wait for something, some in each turn: to say for each of thousands why takes longer than
/// a client should wait.
struct StatusWalk {
    /// By what waits and by what it waits for.
    private(set) var waiting: [String: [String: [Slot]]] = [:]
    private var rest: SlotSet.Iterator
    private(set) var isOver = false

    init(_ slots: SlotSet) {
        rest = slots.makeIterator()
        isOver = slots.isEmpty
    }

    mutating func next() -> Slot? {
        let slot = rest.next()
        if slot == nil { isOver = true }
        return slot
    }

    mutating func note(_ slot: Slot, _ what: String, _ why: String) {
        waiting[what, default: [:]][why, default: []].append(slot)
    }
}
