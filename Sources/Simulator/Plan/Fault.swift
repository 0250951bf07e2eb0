/// One thing that goes wrong. Nodes go by their number; what makes no sense at its moment is left out, so
/// that any part of a plan is a plan.
package enum Fault: Equatable, Sendable {
    /// - Parameter effects: how many more things the process still does; nil: it ends between two turns.
    case crash(Int, afterEffects: Int?)
    /// - Parameter isSilent: nobody hears of its end, as when the machine is gone.
    case power(Int, isSilent: Bool)
    /// Every machine at once.
    case powerAll
    case restart(Int)
    case restartAll
    case wipe(Int)
    case move(Int)
    case pause(Int, for: Duration)
    /// Nothing passes from the one to the other.
    case clog(from: Int, to: Int)
    case unclog(from: Int, to: Int)
    /// Both ways between the node and all others.
    case isolate(Int)
    /// Both ways between every node of `side` and every other but the bridge.
    case split(side: [Int], bridge: Int?)
    case healAll
    case breakConnection(Int, Int)
    case slowWay(from: Int, to: Int, factor: Int)
    case jumpClock(Int, by: Duration, isBack: Bool)
    case drift(Int, partsPerMillion: Int)
    /// The next syncs of the disk take at least this long.
    case stallDisk(Int, for: Duration)
    case failDisk(Int)
    case join(Int)
    case leave(Int)
    case stop(Int)
    case forget(Int, by: Int)
    /// So many machines of that slot are gone for ever that it has no majority; an operator sees to it.
    case maim(slot: Int, from: Int, by: Int)
    case rot(Int, draw: UInt64)
}
