import Protocol

/// What is under way to get a slot's copy, or to give it up.
final class CopyWork: SeldomPart {
    var pull: Pull?
    var pullAttempts = 0
    var dropDelay: DropDelay?

    var isEmpty: Bool { pull == nil && pullAttempts == 0 && dropDelay == nil }
}

extension Replica {
    var pull: Pull? {
        get { copyWork?.pull }
        set {
            CopyWork.change(&copyWork, isNeeded: newValue != nil) { $0.pull = newValue }
            unsettle()
        }
    }

    /// How many sources could not help: the next is asked then.
    var pullAttempts: Int {
        get { copyWork?.pullAttempts ?? 0 }
        set { CopyWork.change(&copyWork, isNeeded: newValue != 0) { $0.pullAttempts = newValue } }
    }

    /// Why the copy here is not to be given up yet, as the primary said last in the present epoch.
    var dropDelay: DropDelay? {
        get { copyWork?.dropDelay }
        set { CopyWork.change(&copyWork, isNeeded: newValue != nil) { $0.dropDelay = newValue } }
    }
}
