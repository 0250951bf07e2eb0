import Protocol

/// What an operator says with `repair`.
enum RepairWord: Equatable {
    /// Only asks.
    case ask
    /// Accepts what is lost where a complete copy is left.
    case acceptLoss
    /// And what is lost where none is: the most advanced of the others is to count as complete.
    case acceptIncomplete
    /// Where copies differ that node's is the right one.
    case take(NodeID)

    /// - Parameter words: behind `repair`, in lower case but for ids.
    init?(_ words: [String]) {
        switch (words.first?.lowercased(), words.count) {
        case (nil, _): self = .ask
        case ("-accept-loss", 1): self = .acceptLoss
        case ("-accept-incomplete", 1): self = .acceptIncomplete
        case ("-take", 2):
            guard let node = NodeID(words[1]) else { return nil }
            self = .take(node)
        default: return nil
        }
    }
}
