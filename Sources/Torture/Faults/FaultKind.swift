/// What can be done to a ring. The raw values are what `-faults` takes.
enum FaultKind: String, CaseIterable {
    /// SIGKILL, of one node or of all at once, and a start with its data some time later.
    case kill
    /// SIGSTOP, and SIGCONT some time later.
    case pause
    /// SIGTERM, and a start with its data.
    case restart
    /// A new node.
    case join
    /// SIGINT: it hands everything over and ends.
    case leave
    /// SIGKILL of one node of a ring at rest, and a start without its data.
    case wipe
    /// Ways between nodes are cut, in both directions or in one.
    case partition
}
