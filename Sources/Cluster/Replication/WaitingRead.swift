import Protocol

/// A read at the primary that waits for its majority or for pending writes of its keys.
final class WaitingRead: AwaitsRound {
    let request: ForwardedRequest
    let origin: Origin
    let replica: Replica
    /// Must be committed first.
    let after: Version
    /// The round of confirmations that must have come from a majority.
    let round: UInt64
    let since: Instant
    /// What it will be answered; nil: what the table then shows.
    var snapshot: Outcome?

    init(
        _ request: ForwardedRequest, from origin: Origin, of replica: Replica, after: Version, round: UInt64,
        since: Instant, snapshot: Outcome?
    ) {
        self.request = request
        self.origin = origin
        self.replica = replica
        self.after = after
        self.round = round
        self.since = since
        self.snapshot = snapshot
    }

    var needsNobody: Bool { replica.memberCount == 1 }

    var size: Int {
        switch snapshot {
        case .found(let entry): entry.value.count
        case .answer(.entries(let entries)): entries.reduce(0) { $0 + ($1?.value.count ?? 0) }
        default: 0
        }
    }
}
