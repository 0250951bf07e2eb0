import Protocol

/// What few of a node's slots have at a time.
final class Seldom: SeldomPart {
    var succession: Succession?
    var examination: Examination?
    var copyWork: CopyWork?
    var operatorsWord: OperatorsWord?
    var nextDropQueryAt = Instant.zero
    var early: [HeldRequest] = []

    var isEmpty: Bool {
        succession == nil && examination == nil && copyWork == nil && operatorsWord == nil
            && nextDropQueryAt == .zero && early.isEmpty
    }
}

extension Replica {
    var succession: Succession? {
        get { seldom?.succession }
        set { Seldom.change(&seldom, isNeeded: newValue != nil) { $0.succession = newValue } }
    }

    var examination: Examination? {
        get { seldom?.examination }
        set { Seldom.change(&seldom, isNeeded: newValue != nil) { $0.examination = newValue } }
    }

    var copyWork: CopyWork? {
        get { seldom?.copyWork }
        set { Seldom.change(&seldom, isNeeded: newValue != nil) { $0.copyWork = newValue } }
    }

    var operatorsWord: OperatorsWord? {
        get { seldom?.operatorsWord }
        set { Seldom.change(&seldom, isNeeded: newValue != nil) { $0.operatorsWord = newValue } }
    }

    /// When a copy that nobody needs any more asks its slot's primary next whether it may go.
    var nextDropQueryAt: Instant {
        get { seldom?.nextDropQueryAt ?? .zero }
        set { Seldom.change(&seldom, isNeeded: newValue != .zero) { $0.nextDropQueryAt = newValue } }
    }

    /// Requests that name a later epoch than is known here.
    var early: [HeldRequest] { seldom?.early ?? [] }

    func addEarly(_ request: HeldRequest) { Seldom.change(&seldom, isNeeded: true) { $0.early.append(request) } }

    func removeEarly(where isOver: (HeldRequest) -> Bool) {
        Seldom.change(&seldom, isNeeded: false) { $0.early.removeAll(where: isOver) }
    }
}
