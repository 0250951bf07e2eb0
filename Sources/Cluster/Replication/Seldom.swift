import Protocol

/// What few of a node's slots have at a time.
final class Seldom: SeldomPart {
    var succession: Succession?
    var examination: Examination?
    var copyWork: CopyWork?
    var operatorsWord: OperatorsWord?
    var nextDropQueryAt = Instant.zero
    var pinnedUntil = Instant.zero
    var ledBefore: Epoch = 0
    var early: [HeldRequest] = []

    var isEmpty: Bool {
        succession == nil && examination == nil && copyWork == nil && operatorsWord == nil
            && nextDropQueryAt == .zero && pinnedUntil == .zero && ledBefore == 0 && early.isEmpty
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

    /// Until when the log must not be trimmed, since a copy that began at its start will need it.
    var pinnedUntil: Instant {
        get { seldom?.pinnedUntil ?? .zero }
        set {
            Seldom.change(&seldom, isNeeded: newValue != .zero) { $0.pinnedUntil = newValue }
            share()
        }
    }

    /// An epoch that this node may have led before it started: it had accepted to, and may have heard of the decision.
    var ledBefore: Epoch {
        get { seldom?.ledBefore ?? 0 }
        set { Seldom.change(&seldom, isNeeded: newValue != 0) { $0.ledBefore = newValue } }
    }

    /// Requests that name a later epoch than is known here.
    var early: [HeldRequest] { seldom?.early ?? [] }

    func addEarly(_ request: HeldRequest) { Seldom.change(&seldom, isNeeded: true) { $0.early.append(request) } }

    func removeEarly(where isOver: (HeldRequest) -> Bool) {
        Seldom.change(&seldom, isNeeded: false) { $0.early.removeAll(where: isOver) }
    }
}
