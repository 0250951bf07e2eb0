import Protocol

/// What a node's slots add up to, kept with every change of one, so that nobody has to look at 16,384 of them to know.
///
/// Invariants: the counts are those of all replicas of the node; a slot that is not in `unsettled` is at rest
/// (`Replicator.isAtRest`), but for a primary that has fallen silent; one that is in `sole` is this node's alone
/// (`Replicator.isSole`), one in `steady` is led steadily. The simulator counts anew.
package final class SlotCensus {
    package struct Counts: Equatable, Sendable {
        /// Slots of which there is data here, whole or in part.
        package var held = 0
        /// Slots that this node leads, and those of them that are open.
        package var led = 0
        package var open = 0
        /// Slots that this node led before it started, not yet opened again.
        var toReopen = 0
        package var keys: UInt64 = 0
        package var keysLed: UInt64 = 0
        /// Of keys and values.
        package var bytes: UInt64 = 0

        /// How many slots, at the most, this node may have to open.
        var mayOpen: Int { led - open + toReopen }

        static func &+= (one: inout Counts, other: Counts) {
            one.held += other.held
            one.led += other.led
            one.open += other.open
            one.toReopen += other.toReopen
            one.keys &+= other.keys
            one.keysLed &+= other.keysLed
            one.bytes &+= other.bytes
        }
    }

    package internal(set) var counts = Counts()
    /// Slots for which something may be to be done or waited for here: those that changed since they were seen at rest.
    package internal(set) var unsettled = SlotSet()
    /// Slots that were seen to be this node's alone and have not changed since: what a request looks at first.
    var sole = SlotSet()
    /// Slots that were seen to be led steadily and have not changed since (`Replicator.isSteady`).
    var steady = SlotSet()

    init() {}

    func note(_ old: Tally, _ new: Tally, isLed: Bool) {
        let keys = new.keys &- old.keys
        counts.keys &+= keys
        counts.bytes &+= new.bytes &- old.bytes
        if isLed { counts.keysLed &+= keys }
    }

    func note(_ old: Replica.Holding, _ new: Replica.Holding) {
        counts.held += (new == .nothing ? 0 : 1) - (old == .nothing ? 0 : 1)
    }

    /// - Parameter keys: of the slot.
    func note(_ old: Leadership?, _ new: Leadership?, keys: UInt64) {
        if let old {
            counts.led -= 1
            counts.open -= old.phase == .open ? 1 : 0
            counts.keysLed &-= keys
        }
        if let new {
            counts.led += 1
            counts.open += new.phase == .open ? 1 : 0
            counts.keysLed &+= keys
        }
    }

    func noteReopening(_ old: Bool, _ new: Bool) { counts.toReopen += (new ? 1 : 0) - (old ? 1 : 0) }

    func note(_ old: Leadership.Phase, _ new: Leadership.Phase) {
        counts.open += (new == .open ? 1 : 0) - (old == .open ? 1 : 0)
    }
}

extension Replica {
    /// What this slot adds to its node's census, counted anew.
    var census: SlotCensus.Counts {
        SlotCensus.Counts(
            held: holding == .nothing ? 0 : 1, led: leadership == nil ? 0 : 1, open: leadership?.phase == .open ? 1 : 0,
            toReopen: mustReopen ? 1 : 0, keys: keys, keysLed: leadership == nil ? 0 : keys, bytes: bytes)
    }
}
