/// What a run must never show.
package struct Failure: Equatable, Sendable {
    /// Which law was broken.
    package enum Law: String, Sendable, CaseIterable {
        case wontStart = "a node starts with what its disk remembers"
        case wire = "every message has a form on the wire that gives it back"
        case startup = "a ring without faults settles"
        case chain = "one chain of configurations for each slot"
        case minority = "a majority of the members decides a configuration, durably"
        case base = "what was committed is within the base, and nothing beyond it is ever committed"
        case sealed = "who has promised takes part in nothing of that epoch, and its primary knows first"
        case order = "every member has a prefix of its primary's order"
        case version = "no version is given twice"
        case once = "nothing is applied twice"
        case expiry = "only what has expired is removed without being asked for"
        case table = "a table holds what the committed writes made, and nothing else"
        case requests = "who has a slot remembers the requests of its latest writes, and of no others"
        case digest = "equal positions, equal digests: of what the committed writes made"
        case copies = "a majority has a copy of every committed write"
        case acknowledged = "an acknowledged write is committed"
        case stale = "a quorum operation sees all that was acknowledged before it began"
        case uncommitted = "a read shows committed writes only"
        case linearizable = "quorum operations on a key have one order"
        case whole = "keys that are written in one step are read in one step"
        case pipeline = "what a client sends before it has the answer to another finds what that one did"
        case undecided = "the order of quorum operations can be found"
        case targets = "equal records, equal targets"
        case limit = "every queue keeps its limit"
        case hang = "every request of a client is answered"
        case settling = "after healing all copies become equal, where they should be"
        case stuck = "who waits says for what"
        case named = "what is pending for ten seconds is named, with whom it waits for"
        case proof = "a copy is given up only when the new members are complete, with equal digests"
        case farewell = "who has left is known to have left"
        case contradiction = "no node finds its copy in contradiction to what was decided"
        case answer = "the answer fits the question"
        case racing = "nodes do not keep each other busy for nothing"
        case exit = "a node ends only when it was told to"
    }

    package let law: Law
    package let text: String
    /// Virtual time since the beginning of the run.
    package let at: Duration
}

extension Failure: CustomStringConvertible {
    package var description: String {
        "at \(at.wholeMilliseconds) ms, against the law \"\(law.rawValue)\": \(text)"
    }
}
