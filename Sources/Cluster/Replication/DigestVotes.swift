import Protocol

/// What the members of a slot say that their copies add up to at one position.
struct DigestVotes {
    let position: Version
    /// The primary's own.
    let digest: UInt64
    private(set) var others: [(member: Member, digest: UInt64)] = []

    init(position: Version, digest: UInt64) {
        self.position = position
        self.digest = digest
    }

    mutating func add(_ digest: UInt64, of member: Member) {
        others.removeAll { $0.member == member }
        others.append((member, digest))
    }

    var differing: [Member] { others.filter { $0.digest != digest }.map(\.member) }

    func members(for digest: UInt64) -> [Member] { others.filter { $0.digest == digest }.map(\.member) }

    /// A digest, not the primary's own, that at least `majority` members have.
    func winner(majority: Int) -> UInt64? {
        others.map(\.digest).first { $0 != digest && members(for: $0).count >= majority }
    }
}
