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
    private let origin: Origin

    /// Hardly any comes about by a repair: those that do not have no room for it.
    private indirect enum Origin: Hashable {
        case majority
        case repair(Repair)
    }

    /// How it came about without a majority of the members before; nil: as always.
    package var repair: Repair? { if case .repair(let repair) = origin { repair } else { nil } }

    package init(epoch: Epoch, members: [Member], base: Version, repair: Repair? = nil) {
        self.epoch = epoch
        self.members = members
        self.base = base
        origin = repair.map(Origin.repair) ?? .majority
    }

    /// The epoch that it follows.
    package var predecessor: Epoch { repair?.after ?? (epoch == 0 ? 0 : epoch - 1) }

    package var primary: Member { members[0] }
    /// How many members make a majority.
    package var majority: Int { members.count / 2 + 1 }
}
