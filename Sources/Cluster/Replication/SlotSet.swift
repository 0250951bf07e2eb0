import Protocol

/// A set of slots, iterated in their order.
package struct SlotSet: Sendable {
    private static let none = [UInt64](repeating: 0, count: Slot.count / 64)

    private var words = none
    package private(set) var count = 0

    package init() {}

    package var isEmpty: Bool { count == 0 }

    package func contains(_ slot: Slot) -> Bool {
        words[slot.index >> 6] & (1 << UInt64(slot.index & 63)) != 0
    }

    package mutating func insert(_ slot: Slot) {
        guard !contains(slot) else { return }
        words[slot.index >> 6] |= 1 << UInt64(slot.index & 63)
        count += 1
    }

    package mutating func remove(_ slot: Slot) {
        guard contains(slot) else { return }
        words[slot.index >> 6] &= ~(1 << UInt64(slot.index & 63))
        count -= 1
    }

    package mutating func formUnion(_ other: SlotSet) {
        for index in words.indices { words[index] |= other.words[index] }
        count = words.reduce(0) { $0 + $1.nonzeroBitCount }
    }

    package mutating func removeFirst() -> Slot? {
        guard count > 0, let first = first(where: { _ in true }) else { return nil }
        remove(first)
        return first
    }

    /// The first that is in `preferred` as well, else the first.
    package mutating func removeFirst(preferring preferred: SlotSet) -> Slot? {
        guard !preferred.isEmpty, let index = words.indices.first(where: { words[$0] & preferred.words[$0] != 0 }),
            let slot = Slot(index << 6 | (words[index] & preferred.words[index]).trailingZeroBitCount)
        else { return removeFirst() }
        remove(slot)
        return slot
    }

    /// Empties the set and returns what was in it.
    package mutating func take() -> SlotSet {
        guard count > 0 else { return SlotSet() }
        defer { self = SlotSet() }
        return self
    }
}

extension SlotSet: Sequence {
    package struct Iterator: IteratorProtocol {
        fileprivate let words: [UInt64]
        fileprivate var word: UInt64
        fileprivate var index = 0
        /// How many have still to come.
        fileprivate var left: Int

        package mutating func next() -> Slot? {
            guard left > 0 else { return nil }
            left -= 1
            while word == 0 {
                index += 1
                guard index < words.count else { return nil }
                word = words[index]
            }
            let bit = word.trailingZeroBitCount
            word &= word - 1
            return Slot(index << 6 | bit)
        }
    }

    package func makeIterator() -> Iterator { Iterator(words: words, word: words[0], left: count) }
}
