import Protocol

/// The slots of each primary: a takeover looks at those of one node only, of thousands that there are.
///
/// Invariant: a slot is under at most one primary, that of the latest configuration known here.
struct LeadIndex {
    private var slotsByPrimary: [Member: SlotSet] = [:]
    /// In a fixed order, for every decision that walks over them.
    private(set) var primaries: [Member] = []

    func slots(of primary: Member) -> SlotSet { slotsByPrimary[primary] ?? SlotSet() }

    mutating func move(_ slot: Slot, from old: Member?, to new: Member) {
        guard old != new else { return }
        if let old { remove(slot, from: old) }
        if slotsByPrimary[new] == nil {
            primaries.append(new)
            primaries.sort()
        }
        slotsByPrimary[new, default: SlotSet()].insert(slot)
    }

    private mutating func remove(_ slot: Slot, from primary: Member) {
        slotsByPrimary[primary]?.remove(slot)
        guard slotsByPrimary[primary]?.isEmpty == true else { return }
        slotsByPrimary[primary] = nil
        primaries.removeAll { $0 == primary }
    }
}
