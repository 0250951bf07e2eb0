/// A question to a slot: what several keys hold at one moment, which keys there are, how many members have a write.
package enum SlotQuery: Equatable, Sendable {
    /// What is under each of these keys, all at the same moment.
    case entries([[UInt8]])
    /// Keys in bytewise order, about `countMax` of them; fewer where their values are large.
    /// - Parameters:
    ///   - after: nil: from the first on.
    ///   - withExpired: also those that have expired and are not removed yet.
    case keys(after: [UInt8]?, countMax: UInt32, withExpired: Bool = false)
    /// How many members beside the primary have this version and all before it durably.
    case holders(Version)
}

/// What a slot answers to a `SlotQuery`.
package enum SlotAnswer: Equatable, Sendable {
    /// In the order of the keys; nil: nothing, or it has expired.
    case entries([Entry?])
    /// - Parameters:
    ///   - after: from where to go on; nil: the slot has no more.
    ///   - total: how many entries the slot has, expired ones that are not removed yet included.
    case keys([[UInt8]], after: [UInt8]?, total: UInt64)
    case count(UInt64)
}
