/// What may go wrong in a run, by the names of `-faults`.
package enum FaultKind: String, CaseIterable, Sendable {
    /// The process ends at any moment, also in the middle of a turn; what it wrote stays.
    case crash
    /// The machine ends: what was not synced is kept or lost.
    case power
    case pause
    /// The network is cut, one way or both, and heals in any order.
    case partition
    /// Connections break.
    case breaks = "break"
    /// Packets are lost, come twice or late.
    case loss
    /// Some ways are slow.
    case slow
    /// Clocks drift and jump.
    case clock
    /// Disks sync slowly, or fail.
    case disk
    case wipe
    case join
    case leave
    /// An operator stops and starts nodes, or has one forgotten.
    case stop
    case forget
    /// A node comes back at another address.
    case move
    /// The disks of a majority of some slot are lost, and an operator accepts what that costs.
    case maim
    /// One bit of an entry on a disk flips.
    case rot
}
