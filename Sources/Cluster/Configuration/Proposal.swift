import Protocol

/// This node's attempt to have the successor of a configuration decided.
///
///     preparing ──majority of promises──▶ accepting ──majority of acceptances──▶ decided
struct Proposal {
    enum Phase {
        case preparing(promises: [Member: Promise])
        case accepting(value: Configuration, holder: Member, acceptors: [Member])
    }

    let ballot: Ballot
    /// Who shall be a member if no accepted value binds, the primary first.
    let members: [Member]
    /// The members that are given up, where this is a repair: all the others must take part.
    var lost: [Member] = []
    let since: Instant
    var phase = Phase.preparing(promises: [:])
}
