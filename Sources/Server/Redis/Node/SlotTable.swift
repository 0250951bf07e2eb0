import Protocol

/// Which nodes hold which slots, as ranges of slots with the same members.
struct SlotTable {
    struct Range {
        let first: Int
        var last: Int
        /// The primary first.
        let members: [Member]
    }

    private(set) var ranges: [Range] = []

    init(_ ring: any RingView) {
        for slot in Slot.all {
            guard let members = ring.configuration(of: slot)?.members, !members.isEmpty else { continue }
            if let last = ranges.last, last.last == slot.index - 1, last.members == members {
                ranges[ranges.count - 1].last = slot.index
            } else {
                ranges.append(Range(first: slot.index, last: slot.index, members: members))
            }
        }
    }

    /// The slots that a member leads, neighbours put together.
    func led(by member: Member) -> [(first: Int, last: Int)] {
        var led: [(first: Int, last: Int)] = []
        for range in ranges where range.members.first == member {
            if let last = led.last, last.last == range.first - 1 {
                led[led.count - 1].last = range.last
            } else {
                led.append((range.first, range.last))
            }
        }
        return led
    }

    var slots: Int { ranges.reduce(0) { $0 + $1.last - $1.first + 1 } }
}
