import Protocol

/// A slot that cannot go on by itself, what is left of it, and what an operator can do.
struct SlotTrouble {
    let item: SlotEpoch
    let configuration: Configuration
    /// Members that will not be back.
    let lost: [Member]
    /// By node, sorted.
    let copies: [(node: Member, copy: SlotCopy)]

    var kind: SlotCopy.Trouble { copies.contains { $0.copy.trouble == .differs } ? .differs : .majorityLost }

    /// Whether some copy has all with which the present epoch began.
    var hasCompleteCopy: Bool { copies.contains { $0.copy.state == .complete } }

    private var left: [Member] { configuration.members.filter { !lost.contains($0) } }

    /// The copy that has most: of a whole state before part of one, the later before the earlier, the one with more
    /// keys. Members first, since what follows is decided by them.
    private var mostAdvanced: (node: Member, copy: SlotCopy)? {
        copies.max { one, other in
            let ranks = (one.copy.state, one.copy.position, one.copy.keys, configuration.members.contains(one.node) ? 1 : 0)
            let others = (
                other.copy.state, other.copy.position, other.copy.keys, configuration.members.contains(other.node) ? 1 : 0
            )
            return ranks < others
        }
    }

    /// At or beyond everything that any copy, or the slot's configuration, names.
    private var end: Version {
        copies.reduce(configuration.base) { max($0, $1.copy.position, $1.copy.floor) }
    }

    /// What `word` comes to for this slot; nil: it stays as it is.
    /// - Parameter fallback: begins with nothing where there is no copy at all.
    func order(_ word: RepairWord, fallback: Member) -> RepairOrder? {
        switch (word, kind) {
        case (.acceptLoss, .majorityLost) where hasCompleteCopy, (.acceptIncomplete, .majorityLost) where hasCompleteCopy:
            // Where nobody is left who could decide, whoever has all does.
            guard left.isEmpty, let source = mostAdvanced?.node else {
                return RepairOrder(item, .goOn, source: mostAdvanced?.node)
            }
            return RepairOrder(item, .beginAnew, source: source, position: end)
        case (.acceptIncomplete, .majorityLost):
            return RepairOrder(item, .beginAnew, source: mostAdvanced?.node ?? fallback, position: end)
        case (.take(let node), .differs):
            guard let source = configuration.members.first(where: { $0.node == node }) else { return nil }
            return RepairOrder(item, .take, source: source)
        default: return nil
        }
    }

    // MARK: Words

    var words: String {
        let had = copies.filter { $0.copy.state != .nothing }.map { describe($0.node, $0.copy) }
        switch kind {
        case .majorityLost:
            let names = lost.map(\.node.text).joined(separator: ", ")
            return "slot \(item.slot): lost \(names); \(had.isEmpty ? "no copy is left" : had.joined(separator: ", "))"
        case .differs:
            return "slot \(item.slot): its copies differ, its primary is \(configuration.primary.node); "
                + had.joined(separator: ", ")
        }
    }

    private func describe(_ node: Member, _ copy: SlotCopy) -> String {
        if copy.trouble == .differs {
            return "\(node.node) has \(copy.keys) keys up to \(copy.position), digest \(copy.digest)"
        }
        switch copy.state {
        case .nothing: return "\(node.node) has nothing"
        case .part: return "\(node.node) has a part of a copy that was under way (\(copy.keys) keys)"
        case .old:
            return "\(node.node) has an old state up to \(copy.position), of \(configuration.base) (\(copy.keys) keys)"
        case .complete: return "\(node.node) has all up to \(copy.position) (\(copy.keys) keys)"
        }
    }
}
