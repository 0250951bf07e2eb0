import Protocol

/// GETs that one client sent one behind the other, carried out together at the primary of their slots.
///
/// Their answers were made at once, and hold when a round of confirmations has come from a majority of each slot's
/// members. Whoever made them keeps them until then. Where the slot changes hands before, they are void, and the GETs are
/// requests like all others.
final class ReadGroup: AwaitsRound {
    enum End { case confirmed, void, expired }

    struct Item {
        unowned(unsafe) let replica: Replica
        let slot: Slot
        /// In which it was read.
        let epoch: Epoch
        /// How many of the slot's other members need not confirm it.
        let spare: Int
        /// Where its key ends in `keys`.
        let keyEnd: Int
    }

    /// Of the first of them; those of the others follow.
    let token: UInt64
    let round: UInt64
    let since: Instant
    /// The number of the first at the coordinator; those of the others follow.
    var number: UInt64 = 0
    private(set) var items: [Item] = []
    private var keys: [UInt8] = []
    private(set) var size = 0

    init(token: UInt64, round: UInt64, since: Instant) {
        self.token = token
        self.round = round
        self.since = since
    }

    var needsNobody: Bool { false }
    var count: Int { items.count }

    /// - Parameter bytes: of what was found.
    func append(_ key: UnsafeRawBufferPointer, of replica: Replica, bytes: Int) {
        keys.append(contentsOf: key)
        let spare = replica.memberCount - 1 - replica.memberCount / 2
        items.append(Item(replica: replica, slot: replica.slot, epoch: replica.epoch, spare: spare, keyEnd: keys.count))
        size += bytes
    }

    func key(_ index: Int) -> [UInt8] { Array(keys[(index > 0 ? items[index - 1].keyEnd : 0)..<items[index].keyEnd]) }
}
