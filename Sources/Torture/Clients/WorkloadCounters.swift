/// What clients have done so far.
struct WorkloadCounters {
    var begun = 0
    var reads = 0
    var writes = 0
    var refused = 0
    var unknown = 0
    /// Sent again after an answer did not come.
    var repeated = 0
    /// Of those that clients hung up on before an answer could come.
    var hungUp = 0
    /// The longest time from the beginning of an operation to its answer, at a node to which nothing was done
    /// meanwhile: milliseconds. The others may be dead.
    var longestWait: UInt64 = 0

    var answered: Int { reads + writes }
}
