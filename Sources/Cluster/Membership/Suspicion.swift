import Protocol

/// One node's suspicion of another, until it is refuted or becomes death. The time to refute it shrinks as
/// further nodes come to the same suspicion by themselves (Lifeguard, section IV.B: local health aware
/// suspicion; log-shaped, as there).
struct Suspicion {
    /// When this node began to suspect; moved on where the suspect has shown itself since.
    private(set) var start: Instant
    /// Different nodes, in the order in which they were heard, never empty.
    private(set) var accusers: [NodeID]

    init(start: Instant, accuser: NodeID) {
        self.start = start
        accusers = [accuser]
    }

    /// - Returns: whether `accuser` is a further one that still counts.
    mutating func confirm(by accuser: NodeID, countingUpTo confirmations: Int) -> Bool {
        guard accusers.count <= confirmations, !accusers.contains(accuser) else { return false }
        accusers.append(accuser)
        return true
    }

    mutating func restart(at instant: Instant) { start = instant }
    mutating func shift(by gap: Duration) { start = start + gap }

    /// How long the suspect has.
    /// - Parameters:
    ///   - nodes: how many the ring has.
    ///   - confirmers: how many further accusers there could be: what a ring of two cannot have, it does
    ///     not wait for.
    func timeout(settings: MembershipSettings, nodes: Int, confirmers: Int) -> Duration {
        let scale = settings.suspicionMultiplier * max(Logarithm.base10Milli(nodes), 1_000)
        let least = settings.probeInterval * scale / 1_000
        let wanted = min(settings.suspicionConfirmations, confirmers)
        guard wanted > 0 else { return least }
        let most = least * settings.suspicionStretchMax
        let progress = Logarithm.base2Milli(accusers.count) * 1_000 / Logarithm.base2Milli(wanted + 1)
        return max(least, most - (most - least) * min(progress, 1_000) / 1_000)
    }
}
