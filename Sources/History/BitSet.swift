/// A fixed number of bits.
struct BitSet: Hashable {
    private(set) var words: [UInt64]

    init(count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

    subscript(index: Int) -> Bool {
        get { words[index / 64] & (1 << UInt64(index % 64)) != 0 }
        set {
            if newValue {
                words[index / 64] |= 1 << UInt64(index % 64)
            } else {
                words[index / 64] &= ~(1 << UInt64(index % 64))
            }
        }
    }

    /// Without the words that are all ones at its beginning, which are counted, and the zeros at its end: of
    /// operations in the order of their beginning, what remains is as short as the search is wide.
    var compressed: [UInt64] {
        guard let start = words.firstIndex(where: { $0 != .max }) else { return [UInt64(words.count)] }
        let end = words.lastIndex { $0 != 0 } ?? start
        return [UInt64(start)] + words[start...max(start, end)]
    }
}
