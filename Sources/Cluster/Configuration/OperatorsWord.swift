import Protocol

/// What an operator's commands have said of a slot that has lost members, and what came of it.
final class OperatorsWord: SeldomPart {
    var repairUntil = Instant.zero
    var repairSource: Member?
    var pullSource: Member?
    var begunAnew: (epoch: Epoch, position: Version)?

    var isEmpty: Bool { repairUntil == .zero && repairSource == nil && pullSource == nil && begunAnew == nil }
}

extension Replica {
    /// Until when an operator's word holds that this slot goes on without its lost members.
    var repairUntil: Instant {
        get { operatorsWord?.repairUntil ?? .zero }
        set { OperatorsWord.change(&operatorsWord, isNeeded: newValue != .zero) { $0.repairUntil = newValue } }
    }

    /// Whose copy, though it was not complete, the slot begins anew with in the epoch after the present one.
    var repairSource: Member? {
        get { operatorsWord?.repairSource }
        set { OperatorsWord.change(&operatorsWord, isNeeded: newValue != nil) { $0.repairSource = newValue } }
    }

    /// Who has what is lacked here, as an operator's command found out.
    var pullSource: Member? {
        get { operatorsWord?.pullSource }
        set { OperatorsWord.change(&operatorsWord, isNeeded: newValue != nil) { $0.pullSource = newValue } }
    }

    /// Where the copy here was made to count as complete, on an operator's word, and in which epoch.
    package internal(set) var begunAnew: (epoch: Epoch, position: Version)? {
        get { operatorsWord?.begunAnew }
        set { OperatorsWord.change(&operatorsWord, isNeeded: newValue != nil) { $0.begunAnew = newValue } }
    }
}
