import Protocol

/// What the members of a slot say that their copies add up to at one position.
final class DigestVotes {
    /// The primary's own.
    let own: Vouch
    let since: Instant
    /// To whom it was sent.
    let asked: [Member]
    /// Who has heard that its copy is the wrong one.
    var told: [Member] = []
    private(set) var others: [(member: Member, digest: UInt64)] = []

    init(own: Vouch, asked: [Member], since: Instant) {
        self.own = own
        self.asked = asked
        self.since = since
    }

    var position: Version { own.position }
    var digest: UInt64 { own.digest }

    func add(_ digest: UInt64, of member: Member) {
        others.removeAll { $0.member == member }
        others.append((member, digest))
    }

    /// Nil: it has not said anything yet.
    func digest(of member: Member) -> UInt64? { others.first { $0.member == member }?.digest }

    var isAnsweredByAll: Bool { others.count >= asked.count }

    var differing: [Member] { others.filter { $0.digest != digest }.map(\.member) }

    func members(for digest: UInt64) -> [Member] { others.filter { $0.digest == digest }.map(\.member) }

    /// A digest, not the primary's own, that at least `majority` members have.
    func winner(majority: Int) -> UInt64? {
        others.map(\.digest).first { $0 != digest && members(for: $0).count >= majority }
    }
}
