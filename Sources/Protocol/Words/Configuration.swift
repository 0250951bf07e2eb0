/// Who holds a slot, as a majority of the previous configuration's members decided it: a fact.
package struct Configuration: Hashable, Sendable {
    /// The most members that a configuration may have.
    package static let membersMax = 9

    package let epoch: Epoch
    /// Who holds the slot, the primary first. Not empty, each node once.
    package let members: [Member]
    /// The position of the earlier epochs with which this one begins: all before it belongs to the slot
    /// for ever, all beyond it never happened.
    package let base: Version
    /// How it came about without a majority of the members before; nil: as always.
    package let repair: Repair?

    package init(epoch: Epoch, members: [Member], base: Version, repair: Repair? = nil) {
        self.epoch = epoch
        self.members = members
        self.base = base
        self.repair = repair
    }

    /// The epoch that it follows.
    package var predecessor: Epoch { repair?.after ?? (epoch == 0 ? 0 : epoch - 1) }

    package var primary: Member { members[0] }
    /// How many members make a majority.
    package var majority: Int { members.count / 2 + 1 }
}
