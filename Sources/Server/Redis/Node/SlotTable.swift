import Protocol

/// Which node leads which slots, as ranges of neighbours.
struct SlotTable {
    struct Range {
        let first: Int
        var last: Int
        let primary: Member
    }

    private(set) var ranges: [Range] = []

    init(_ ring: any RingView) {
        for slot in Slot.all {
            guard let primary = ring.configuration(of: slot)?.primary else { continue }
            if let last = ranges.last, last.last == slot.index - 1, last.primary == primary {
                ranges[ranges.count - 1].last = slot.index
            } else {
                ranges.append(Range(first: slot.index, last: slot.index, primary: primary))
            }
        }
    }

    func led(by member: Member) -> [Range] { ranges.filter { $0.primary == member } }

    var slots: Int { ranges.reduce(0) { $0 + $1.last - $1.first + 1 } }
}
