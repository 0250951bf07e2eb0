import Protocol

extension Replica {
    package internal(set) var promised: Ballot? {
        get { succession?.promised }
        set {
            Succession.change(&succession, isNeeded: newValue != nil) { $0.promised = newValue }
            unsettle()
        }
    }

    package internal(set) var accepted: Acceptance? {
        get { succession?.accepted }
        set { Succession.change(&succession, isNeeded: newValue != nil) { $0.accepted = newValue } }
    }

    /// Whether `accepted` is on disk.
    var isAcceptedDurably: Bool {
        get { succession?.isAcceptedDurably ?? false }
        set { Succession.change(&succession, isNeeded: newValue) { $0.isAcceptedDurably = newValue } }
    }

    /// This node's own.
    var proposal: Proposal? {
        get { succession?.proposal }
        set { Succession.change(&succession, isNeeded: newValue != nil) { $0.proposal = newValue } }
    }

    /// To be accepted once all up to its base is here.
    var parkedAccept: Accept? {
        get { succession?.parkedAccept }
        set {
            Succession.change(&succession, isNeeded: newValue != nil) { $0.parkedAccept = newValue }
            unsettle()
        }
    }

    var sealedSince: Instant? {
        get { succession?.sealedSince }
        set { Succession.change(&succession, isNeeded: newValue != nil) { $0.sealedSince = newValue } }
    }

    var nextProposalAt: Instant {
        get { succession?.nextProposalAt ?? .zero }
        set { Succession.change(&succession, isNeeded: newValue != .zero) { $0.nextProposalAt = newValue } }
    }

    var failedProposals: Int {
        get { succession?.failedProposals ?? 0 }
        set { Succession.change(&succession, isNeeded: newValue != 0) { $0.failedProposals = newValue } }
    }
}
