import Protocol

/// What a node has promised, accepted and begun about the successor of a slot's configuration: it falls away with that.
final class Succession: SeldomPart {
    var promised: Ballot?
    var accepted: Acceptance?
    var isAcceptedDurably = false
    var proposal: Proposal?
    var parkedAccept: Accept?
    var sealedSince: Instant?
    var nextProposalAt = Instant.zero
    var failedProposals = 0

    var isEmpty: Bool {
        promised == nil && accepted == nil && proposal == nil && parkedAccept == nil && sealedSince == nil
            && nextProposalAt == .zero && failedProposals == 0 && !isAcceptedDurably
    }
}
