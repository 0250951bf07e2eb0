import Protocol

/// What an operation waits for.
public enum TorcConsistency: String, Sendable, CaseIterable {
    /// Write: one node has it; it may be undone if that node fails. Read: perhaps an older state.
    case one
    /// Write: a majority of the key's nodes has it. Read: sees every write acknowledged before. The default.
    case quorum
    /// Write: all of the key's nodes have it. Read: as `quorum`.
    case all

    var word: Consistency {
        switch self {
        case .one: .one
        case .quorum: .quorum
        case .all: .all
        }
    }
}
