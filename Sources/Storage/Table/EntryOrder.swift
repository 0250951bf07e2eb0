import Protocol

/// The entries of a large slot in an order: blocks of up to 512 that follow each other, each of them sorted only when
/// somebody reads it. So a chunk costs what is in it, and a change a search among the blocks.
///
/// Invariants: there is a block; the first begins before everything; what is in a block lies at or behind its `start`
/// and before the next one's.
final class EntryOrder {
    enum Kind {
        case byKey
        /// By expiry, then by key; of entries that have one.
        case byExpiry
    }

    /// A place in the order.
    struct Place {
        let expiry: UInt64
        let key: [UInt8]
    }

    private struct Block {
        let start: Place
        var entries: [TableEntry]
        var isSorted: Bool
    }

    private static let blockMax = 512
    private static let blockMin = 96

    private let kind: Kind
    private var blocks: [Block]

    init(_ kind: Kind) {
        self.kind = kind
        blocks = [Block(start: Place(expiry: 0, key: []), entries: [], isSorted: true)]
    }

    func insert(_ entry: TableEntry) {
        let index = block(of: entry)
        blocks[index].entries.append(entry)
        blocks[index].isSorted = false
        if blocks[index].entries.count > Self.blockMax { split(index) }
    }

    /// `entry` must still be as it was when it was inserted.
    func remove(_ entry: TableEntry) {
        let index = block(of: entry)
        guard let place = blocks[index].entries.firstIndex(of: entry) else { return }
        let last = blocks[index].entries.removeLast()
        if place < blocks[index].entries.count {
            blocks[index].entries[place] = last
            blocks[index].isSorted = false
        }
        if blocks[index].entries.count < Self.blockMin { merge(index) }
    }

    /// `new` has the place of `old`.
    func replace(_ old: TableEntry, by new: TableEntry) {
        let index = block(of: new)
        guard let place = blocks[index].entries.firstIndex(of: old) else { return }
        blocks[index].entries[place] = new
    }

    /// Calls `body` with the entries behind `place` (nil: all) in their order, until it returns false.
    func forEach(behind place: Place?, _ body: (TableEntry) -> Bool) {
        var index = place.map { place in lastBlock { !isBefore(place, $0) } } ?? 0
        while index < blocks.count {
            sort(index)
            for entry in blocks[index].entries {
                if let place, compare(entry, place) <= 0 { continue }
                guard body(entry) else { return }
            }
            index += 1
        }
    }

    // MARK: Blocks

    private func split(_ index: Int) {
        sort(index)
        let middle = blocks[index].entries.count / 2
        let upper = Array(blocks[index].entries[middle...])
        blocks[index].entries.removeSubrange(middle...)
        blocks.insert(Block(start: self.place(of: upper[0]), entries: upper, isSorted: true), at: index + 1)
    }

    /// Puts a small block into the one before.
    private func merge(_ index: Int) {
        guard index > 0, blocks[index - 1].entries.count + blocks[index].entries.count <= Self.blockMax / 2
        else { return }
        let block = blocks.remove(at: index)
        blocks[index - 1].entries += block.entries
        blocks[index - 1].isSorted = false
    }

    private func sort(_ index: Int) {
        guard !blocks[index].isSorted else { return }
        blocks[index].entries.sort { isBefore($0, $1) }
        blocks[index].isSorted = true
    }

    private func block(of entry: TableEntry) -> Int { lastBlock { compare(entry, $0) >= 0 } }

    /// The last block for whose start `condition` holds, as it does for all before; the first at least.
    private func lastBlock(where condition: (Place) -> Bool) -> Int {
        var low = 0
        var high = blocks.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if condition(blocks[middle].start) { low = middle } else { high = middle }
        }
        return low
    }

    // MARK: The order

    private func expiry(of entry: TableEntry) -> UInt64 {
        kind == .byKey ? 0 : entry.expiry?.milliseconds ?? .max
    }

    private func place(of entry: TableEntry) -> Place { Place(expiry: expiry(of: entry), key: Array(entry.key)) }

    private func compare(_ entry: TableEntry, _ place: Place) -> Int {
        let at = expiry(of: entry)
        if at != place.expiry { return at < place.expiry ? -1 : 1 }
        return place.key.withUnsafeBytes { entry.key.compared(to: $0) }
    }

    private func isBefore(_ left: Place, _ right: Place) -> Bool {
        left.expiry == right.expiry
            ? left.key.lexicographicallyPrecedes(right.key) : left.expiry < right.expiry
    }

    private func isBefore(_ left: TableEntry, _ right: TableEntry) -> Bool {
        let (first, second) = (expiry(of: left), expiry(of: right))
        return first == second ? left.key.compared(to: right.key) < 0 : first < second
    }
}
