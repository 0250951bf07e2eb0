import Protocol

/// The member lists of slots, so that those with the same one share it: a ring has few, and 16,384 slots.
struct MemberLists {
    /// More than any ring that has come to rest has in one node's slots, but for very large ones: then some are there twice.
    private static let countMax = 1_024

    private var known: Set<[Member]> = []

    /// An equal list, in memory that others have too.
    mutating func shared(_ list: [Member]) -> [Member] {
        if known.count >= Self.countMax { known = [] }
        return known.insert(list).memberAfterInsert
    }

    mutating func shared(_ configuration: Configuration) -> Configuration {
        Configuration(
            epoch: configuration.epoch, members: shared(configuration.members), base: configuration.base,
            repair: configuration.repair)
    }
}
