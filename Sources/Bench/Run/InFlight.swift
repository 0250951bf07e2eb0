/// A request that is under way.
struct InFlight {
    enum Role {
        /// Of the load.
        case operation
        /// The write of a read-modify-write; the read before it is answered.
        case secondStep
        /// CLIENT CONSISTENCY, before the load begins.
        case setup
        /// WAIT, behind writes that end with it.
        case wait
    }

    /// When it should have been sent, in nanoseconds: what its latency counts from.
    var intended: UInt64
    var key: UInt64
    var verb: Verb
    var role: Role
    /// Refused already; of a write that awaits its WAIT.
    var hasFailed = false
}
