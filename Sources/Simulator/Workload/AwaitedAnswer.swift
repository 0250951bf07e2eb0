import Cluster
import Protocol

/// An operation that a client waits for.
struct AwaitedAnswer {
    let client: Int
    let plan: ClientOperation
    let operation: Operation
    /// Index of the key's ledger.
    let ledger: Int
    /// Of the history; nil: it is not part of it.
    let history: Int?
    /// How far the key's order had been shown when it began.
    let floor: Int
    let request: RequestID
    let begin: Instant
    /// Of which burst it is, and its place there.
    var burst: (number: Int, place: Int)?
    var retriesLeft: Int
    /// The node that was asked last, and its life.
    var node: Int
    var life: Int
    /// Whether that one has been there and awake all the while.
    var wasThere = true
}
