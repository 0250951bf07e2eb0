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

    package init(epoch: Epoch, members: [Member], base: Version) {
        self.epoch = epoch
        self.members = members
        self.base = base
    }

    package var primary: Member { members[0] }
    /// How many members make a majority.
    package var majority: Int { members.count / 2 + 1 }
}
