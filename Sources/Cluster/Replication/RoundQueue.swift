/// Something that holds once a majority has confirmed a round, or a later one (`Replicator.askForConfirmations`).
protocol AwaitsRound: AnyObject {
    var round: UInt64 { get }
    /// Whether there is nobody whose confirmation is needed.
    var needsNobody: Bool { get }
    /// Bytes of the values that it holds.
    var size: Int { get }
}

/// What waits for confirmations at this node.
///
/// A confirmation is of all rounds up to its own, so those of later rounds are not looked at when it comes: however
/// many wait, each is looked at about once.
struct RoundQueue<Read: AwaitsRound> {
    /// Those that nobody has confirmed, rounds ascending.
    private var asked: [Read] = []
    /// Those that it was not enough for that somebody has, or that need nobody.
    private var others: [Read] = []
    /// Of the values that they hold.
    private(set) var bytes = 0

    var isEmpty: Bool { asked.isEmpty && others.isEmpty }
    var hasOthers: Bool { !others.isEmpty }

    /// - Precondition: no earlier one is of a later round.
    mutating func append(_ read: Read) {
        bytes += read.size
        if read.needsNobody { others.append(read) } else { asked.append(read) }
    }

    /// Takes those that are done out of those up to a round and of `others`.
    /// - Parameter isDone: may change what the read holds.
    mutating func take(through round: UInt64, where isDone: (Read) -> Bool) {
        let count = asked.prefix { $0.round <= round }.count
        removeOthers(where: isDone)
        guard count > 0 else { return }
        for read in asked[..<count] where !Self.isOver(read, isDone, &bytes) { others.append(read) }
        if count == asked.count { asked.removeAll(keepingCapacity: true) } else { asked.removeFirst(count) }
    }

    mutating func removeAll(where isDone: (Read) -> Bool) {
        removeOthers(where: isDone)
        asked.removeAll { Self.isOver($0, isDone, &bytes) }
    }

    func filter(_ matches: (Read) -> Bool) -> [Read] { others.filter(matches) + asked.filter(matches) }

    private mutating func removeOthers(where isDone: (Read) -> Bool) {
        guard !others.isEmpty else { return }
        others.removeAll { Self.isOver($0, isDone, &bytes) }
    }

    private static func isOver(_ read: Read, _ isDone: (Read) -> Bool, _ bytes: inout Int) -> Bool {
        bytes -= read.size
        if isDone(read) { return true }
        bytes += read.size
        return false
    }
}
