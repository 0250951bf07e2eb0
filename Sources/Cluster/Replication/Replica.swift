import Protocol

/// What one node knows and holds of one slot.
///
/// Invariants:
/// - `heldEpoch` = h and `holding` = whole mean: table and log are a prefix of the slot's order as the
///   primaries up to epoch h gave it, and contain everything up to the base of h.
/// - The node is *complete* when that holds for the epoch of `configuration`, durably. Only then does it
///   acknowledge, confirm, promise, accept, or supply others.
/// - `promised` and `accepted` are about the successor of `configuration` and fall away with it.
package final class Replica {
    /// How much of the slot's data is here.
    package enum Holding: UInt8, Sendable {
        // The numbers are on disk: do not change them.
        case nothing = 0
        /// A copy is under way: good for nothing until it is done.
        case partial = 1
        case whole = 2
    }

    // What requests touch: in the order of their places in memory, whose beginning is fetched ahead
    // (`Replicator.expect`).
    /// Of the node, told of every change that it counts.
    private let node: SlotCensus
    package internal(set) var log = SlotLog()
    /// What the table holds, and with `holding` whole all of it: exactly what the writes up to `log.commit` made.
    package internal(set) var tally = Tally() {
        didSet { node.note(oldValue, tally, isLed: leadership != nil) }
    }
    /// There while this node is the primary of `configuration` and has been since it was decided.
    package internal(set) var leadership: Leadership? {
        didSet {
            node.note(oldValue, leadership, keys: keys)
            unsettle()
        }
    }
    /// Of `configuration`; 0: there is none. Kept beside it, since to look into an optional struct copies it.
    package private(set) var epoch: Epoch = 0
    package internal(set) var heldEpoch: Epoch = 0 { didSet { unsettle() } }
    package let slot: Slot
    private var memberCountByte: UInt8 = 0
    package internal(set) var holding = Holding.nothing {
        didSet {
            node.note(oldValue, holding)
            unsettle()
        }
    }
    /// Whether `holding` and `heldEpoch` are on disk, or follow from what is there: where the configuration was accepted
    /// here, durably, it is not forgotten, and all up to its base is there.
    var isHeldDurably = false { didSet { unsettle() } }
    /// The table holds something that was not written so: good for nothing but to be mended. The log is sound.
    package internal(set) var isUnsound = false { didSet { unsettle() } }
    /// Its digest differs from another member's, and no majority has said yet which of them is right.
    package internal(set) var isDisputed = false { didSet { unsettle() } }
    /// Primary by a configuration from before this start: a new epoch must come first, so that no version
    /// is given twice.
    package internal(set) var mustReopen = false {
        didSet {
            node.noteReopening(oldValue, mustReopen)
            unsettle()
        }
    }
    /// The primary streams what does not follow the log: part of it is missing.
    var hasGap = false { didSet { unsettle() } }
    var owesVouch = false
    /// Whether it waits in `Replicator.expiring`.
    var isExpiring = false
    var isProgressDirty = false
    var isProgressLate = false
    var isRecordDirty = false
    var seldom: Seldom?

    /// The latest decided configuration known; nil: none yet.
    package internal(set) var configuration: Configuration? {
        didSet {
            epoch = configuration?.epoch ?? 0
            memberCountByte = UInt8(clamping: configuration?.members.count ?? 0)
            unsettle()
        }
    }
    /// Who held the slot before: where a new member may find what it lacks.
    var previousMembers: [Member] = []
    var bases = BaseHistory()

    /// How far this member once held the slot in the present epoch: what it may have acknowledged or
    /// promised. A copy that does not reach it does not make the member complete again.
    var floor = Version.zero

    /// Nil: none was remembered yet, as with most slots.
    package internal(set) var requests: RequestTable?

    /// The epoch in which the primary asked for a learner here.
    var invitedEpoch: Epoch = 0 { didSet { unsettle() } }
    /// Changes whenever the log is cut, so that what was said of the log before does not count after.
    package internal(set) var generation: UInt32 = 0
    /// No entry of the table expires before; at first nothing is known.
    var soonestExpiry = Timestamp(milliseconds: 0)
    /// When the primary compares its digest with those of the other members next.
    var nextVouchAt = Instant.zero
    /// What they said of it the last time.
    var votes: DigestVotes?

    /// - Parameter node: the census of the node that the slot is counted in.
    init(slot: Slot, node: SlotCensus = SlotCensus()) {
        self.slot = slot
        self.node = node
    }

    /// Whether the slot is at rest, and whose it is, is to be looked at again.
    func unsettle() {
        node.unsettled.insert(slot)
        node.sole.remove(slot)
        node.steady.remove(slot)
    }

    /// Whose it is, is to be looked at again.
    func share() { node.sole.remove(slot) }

    /// The leadership of this slot went on.
    func phaseChanged(from old: Leadership.Phase, to new: Leadership.Phase) {
        node.note(old, new)
        unsettle()
    }

    package var primary: Member? { configuration?.primary }
    /// Of `configuration`.
    var memberCount: Int { Int(memberCountByte) }
    package var keys: UInt64 { tally.keys }
    package var bytes: UInt64 { tally.bytes }
    var isSealed: Bool { promised != nil }

    /// Whether this node has a part in deciding what follows its configuration.
    package var isChangingHands: Bool { proposal != nil || isSealed || leadership.map { $0.phase != .open } == true }

    /// Held as of the present epoch, though perhaps not yet durably.
    var isHeld: Bool { holding == .whole && memberCount > 0 && heldEpoch == epoch }

    package var isComplete: Bool { isHeld && isHeldDurably }

    /// Complete, and not known to hold anything wrong.
    package var isTrusted: Bool { isComplete && !isUnsound }

    package func isMember(_ member: Member) -> Bool { configuration?.members.contains(member) ?? false }
}
