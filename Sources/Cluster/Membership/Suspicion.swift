import Protocol

/// One node's suspicion of another, until it is refuted or becomes death. The time to refute it shrinks as
/// further nodes come to the same suspicion by themselves (Lifeguard, section IV.B: local health aware
/// suspicion; log-shaped, as there).
struct Suspicion {
    /// Since when the suspect is known to be silent: the second ping that it did not answer, or the news of
    /// the suspicion. Moved on where the suspect has answered since.
    private(set) var start: Instant
    /// Different nodes, in the order in which they were heard, never empty.
    private(set) var accusers: [NodeID]
    /// The first ping of this node to the suspect that still counts. An answer to it or to a later one shows
    /// life, however late: the suspect may have been paused and found the pings in its socket.
    let firstSequence: UInt32
    /// When the suspect got its last chance: a ping shortly before the end.
    private(set) var lastChance: Instant?

    init(start: Instant, accuser: NodeID, firstSequence: UInt32) {
        self.start = start
        accusers = [accuser]
        self.firstSequence = firstSequence
    }

    /// Whether `sequence` is of a ping since then.
    func covers(_ sequence: UInt32, upTo last: UInt32) -> Bool {
        sequence &- firstSequence <= last &- firstSequence
    }

    /// - Returns: whether `accuser` is a further one that still counts.
    mutating func confirm(by accuser: NodeID, countingUpTo confirmations: Int) -> Bool {
        guard accusers.count <= confirmations, !accusers.contains(accuser) else { return false }
        accusers.append(accuser)
        return true
    }

    /// The silence is known to have begun earlier.
    mutating func backdate(to instant: Instant) { start = min(start, instant) }

    mutating func restart(at instant: Instant) {
        start = instant
        lastChance = nil
    }

    mutating func giveLastChance(at instant: Instant) { lastChance = instant }

    mutating func shift(by gap: Duration) {
        start = start + gap
        lastChance = lastChance.map { $0 + gap }
    }

    /// How long the suspect has.
    /// - Parameters:
    ///   - nodes: how many the ring has.
    ///   - confirmers: how many further accusers there could be: what a ring of two cannot have, it does
    ///     not wait for.
    func timeout(settings: MembershipSettings, nodes: Int, confirmers: Int) -> Duration {
        let least = settings.suspicionMin(nodes: nodes)
        let wanted = min(settings.suspicionConfirmations, confirmers)
        guard wanted > 0 else { return least }
        let most = least * settings.suspicionStretchMax
        let progress = Logarithm.base2Milli(accusers.count) * 1_000 / Logarithm.base2Milli(wanted + 1)
        return max(least, most - (most - least) * min(progress, 1_000) / 1_000)
    }
}
