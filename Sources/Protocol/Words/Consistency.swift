/// What an operation waits for (docs/consistency.md).
package enum Consistency: UInt8, Sendable, CaseIterable {
    /// Write: the primary's log has it durably. Read: any complete member answers, perhaps with an older state.
    case one = 0
    /// Write: durable on a majority of the members. Read: linearizable. The default.
    case quorum = 1
    /// Write: durable on every member. Read: as `quorum`.
    case all = 2

    package init?(name: String) {
        switch name.lowercased() {
        case "one": self = .one
        case "quorum": self = .quorum
        case "all": self = .all
        default: return nil
        }
    }

    package var name: String {
        switch self {
        case .one: "one"
        case .quorum: "quorum"
        case .all: "all"
        }
    }
}
