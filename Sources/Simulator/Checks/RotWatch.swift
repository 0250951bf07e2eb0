import Cluster
import Protocol

/// What has rotted on disks and has not been mended: the one thing that may be in a table though nobody wrote it.
/// Of each slot at most one copy at a time, so that a majority is intact.
struct RotWatch {
    private struct Place: Hashable {
        let node: Int
        let slot: Slot
    }

    private struct Rot {
        let key: [UInt8]
        let entry: Entry
        /// The batch with which it was mended, and in which life of the node; a crash may take that back.
        var mended: (ticket: Ticket, life: Int)?
    }

    private var rotten: [Place: Rot] = [:]
    /// Keys under which a client may have been shown what nobody wrote.
    private(set) var keys: Set<[UInt8]> = []

    /// How many entries have rotted so far.
    private(set) var count = 0

    var hasRotted: Bool { !keys.isEmpty }

    func mayRot(_ slot: Slot) -> Bool { !rotten.keys.contains { $0.slot == slot } }

    mutating func rot(_ entry: Entry, key: [UInt8], in slot: Slot, at node: SimulatedNode) {
        rotten[Place(node: node.number, slot: slot)] = Rot(key: key, entry: entry)
        keys.insert(key)
        count += 1
    }

    func isRotten(_ entry: Entry?, key: [UInt8], in slot: Slot, at node: SimulatedNode) -> Bool {
        guard let known = rotten[Place(node: node.number, slot: slot)] else { return false }
        return known.key == key && known.entry == entry
    }

    /// Whether that copy has rotted, and its table or what it counts is not mended yet.
    func isAffected(_ slot: Slot, at node: SimulatedNode) -> Bool {
        rotten[Place(node: node.number, slot: slot)] != nil
    }

    /// That copy counts right; it is mended once that is durable.
    mutating func sawRightTally(of slot: Slot, at node: SimulatedNode, table: [[UInt8]: Entry]) {
        let place = Place(node: node.number, slot: slot)
        guard let known = rotten[place], table[known.key] != known.entry else { return }
        if let mended = known.mended, mended.life == node.life {
            if node.disk.durable >= mended.ticket { rotten[place] = nil }
        } else {
            rotten[place]?.mended = (node.disk.lastTicket, node.life)
        }
    }
}
