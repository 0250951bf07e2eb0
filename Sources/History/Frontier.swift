/// Possibilities without those that can do nothing that another one cannot.
///
/// One rules out another with the same state when it has placed a part of what the other has, and what only
/// the other has placed it need not place any more: open operations, and overwrites that can have happened
/// unseen before the last overwrite.
struct Frontier {
    private struct Key: Hashable {
        let state: KeyState
        let chain: Int?
    }

    // Looked up only; `order` keeps walks over it the same in every run.
    private var groups: [Key: [Possibility]] = [:]
    private var order: [Key] = []
    private let needNoPlace: Set<Int>

    init(pending: [OngoingOperation]) {
        let operations = pending.map(\.operation)
        needNoPlace = Set(operations.filter { $0.isOpen || $0.isOverwrite }.map(\.id))
    }

    var all: [Possibility] { order.flatMap { groups[$0] ?? [] } }

    /// - Returns: whether nothing in it rules the possibility out.
    mutating func insert(_ possibility: Possibility) -> Bool {
        let key = Key(state: possibility.state, chain: possibility.chain)
        guard let group = groups[key] else {
            groups[key] = [possibility]
            order.append(key)
            return true
        }
        if group.contains(where: { rulesOut($0, possibility) }) { return false }
        groups[key] = group.filter { !rulesOut(possibility, $0) } + [possibility]
        return true
    }

    /// An overwrite that only the other has placed began before the other's last overwrite, and so before the
    /// one's.
    private func rulesOut(_ one: Possibility, _ other: Possibility) -> Bool {
        guard one.overwrittenAt >= other.overwrittenAt, one.placed.count <= other.placed.count else {
            return false
        }
        var matched = 0
        for id in other.placed {
            if matched < one.placed.count, one.placed[matched] == id {
                matched += 1
            } else if !needNoPlace.contains(id) {
                return false
            }
        }
        return matched == one.placed.count
    }
}
