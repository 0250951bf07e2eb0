import Cluster
import Protocol

/// Who was ever seen, in an epoch of a slot, to have a whole copy of it that adds up to what it should.
struct EqualWatch {
    private struct Place: Hashable {
        let slot: Slot
        let epoch: Epoch
    }

    private var equal: [Place: Set<Member>] = [:]

    mutating func sawRightCopy(of slot: Slot, in epoch: Epoch, at member: Member) {
        equal[Place(slot: slot, epoch: epoch), default: []].insert(member)
    }

    func hadRightCopy(of slot: Slot, in epoch: Epoch, at member: Member) -> Bool {
        equal[Place(slot: slot, epoch: epoch)]?.contains(member) ?? false
    }
}
