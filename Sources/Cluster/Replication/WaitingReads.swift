import Protocol

/// A read at the primary that waits for its majority or for pending writes of its keys.
final class WaitingRead {
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

    /// Bytes that it holds.
    var size: Int {
        switch snapshot {
        case .found(let entry): entry.value.count
        case .answer(.entries(let entries)): entries.reduce(0) { $0 + ($1?.value.count ?? 0) }
        default: 0
        }
    }
}

/// The reads that wait at this node.
///
/// A confirmation is of all rounds up to its own, so those of later rounds are not looked at when it comes: however
/// many wait, each is looked at about once.
struct WaitingReads {
    /// Those that nobody has confirmed, rounds ascending.
    private var asked: [WaitingRead] = []
    /// Those that it was not enough for that somebody has, or that need nobody.
    private var others: [WaitingRead] = []
    /// Of the values that they hold.
    private(set) var bytes = 0

    var isEmpty: Bool { asked.isEmpty && others.isEmpty }
    var hasOthers: Bool { !others.isEmpty }

    /// - Precondition: no earlier one is of a later round.
    mutating func append(_ read: WaitingRead) {
        bytes += read.size
        if read.replica.memberCount == 1 { others.append(read) } else { asked.append(read) }
    }

    /// Takes those that are done out of those up to a round and of `others`.
    /// - Parameter isDone: may change what the read holds.
    mutating func take(through round: UInt64, where isDone: (WaitingRead) -> Bool) {
        let count = asked.prefix { $0.round <= round }.count
        removeOthers(where: isDone)
        guard count > 0 else { return }
        for read in asked[..<count] where !Self.isOver(read, isDone, &bytes) { others.append(read) }
        if count == asked.count { asked.removeAll(keepingCapacity: true) } else { asked.removeFirst(count) }
    }

    mutating func removeAll(where isDone: (WaitingRead) -> Bool) {
        removeOthers(where: isDone)
        asked.removeAll { Self.isOver($0, isDone, &bytes) }
    }

    func filter(_ matches: (WaitingRead) -> Bool) -> [WaitingRead] { others.filter(matches) + asked.filter(matches) }

    private mutating func removeOthers(where isDone: (WaitingRead) -> Bool) {
        guard !others.isEmpty else { return }
        others.removeAll { Self.isOver($0, isDone, &bytes) }
    }

    private static func isOver(_ read: WaitingRead, _ isDone: (WaitingRead) -> Bool, _ bytes: inout Int) -> Bool {
        bytes -= read.size
        if isDone(read) { return true }
        bytes += read.size
        return false
    }
}
