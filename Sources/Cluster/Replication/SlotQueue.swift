import Protocol

/// Slots in the order in which they came, each at most once.
struct SlotQueue {
    private var slots: [Slot] = []
    /// Where the first is in `slots`; those before it are gone.
    private var begin = 0
    private var members = SlotSet()

    var count: Int { members.count }
    var first: Slot? { begin < slots.count ? slots[begin] : nil }

    mutating func append(_ slot: Slot) {
        guard !members.contains(slot) else { return }
        members.insert(slot)
        slots.append(slot)
    }

    mutating func removeFirst() {
        guard let slot = first else { return }
        members.remove(slot)
        begin += 1
        guard begin * 2 >= slots.count else { return }
        slots.removeFirst(begin)
        begin = 0
    }
}
