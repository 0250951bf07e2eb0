/// The order of proposals for one successor: round first, then who proposes.
package struct Ballot: Hashable, Comparable, Sendable {
    /// No ballot has this round or a later one: there is always a next.
    package static let roundMax: UInt32 = 1 << 30

    package let round: UInt32
    package let proposer: Member

    package init(round: UInt32, proposer: Member) {
        self.round = round
        self.proposer = proposer
    }

    package static func < (left: Ballot, right: Ballot) -> Bool {
        (left.round, left.proposer) < (right.round, right.proposer)
    }
}
