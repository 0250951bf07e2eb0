import Protocol

/// What is under way to find out whether a slot's table is what was written to it, and to mend it.
final class Examination: SeldomPart {
    var scrub: Scrub?
    var mendSource: Member?
    var mendAttempts = 0

    var isEmpty: Bool { scrub == nil && mendSource == nil && mendAttempts == 0 }
}

extension Replica {
    /// A walk through the table that counts anew what it holds, or mends it.
    var scrub: Scrub? {
        get { examination?.scrub }
        set {
            Examination.change(&examination, isNeeded: newValue != nil) { $0.scrub = newValue }
            share()
        }
    }

    /// From whom alone the table is to be mended, where an operator said so.
    var mendSource: Member? {
        get { examination?.mendSource }
        set { Examination.change(&examination, isNeeded: newValue != nil) { $0.mendSource = newValue } }
    }

    var mendAttempts: Int {
        get { examination?.mendAttempts ?? 0 }
        set { Examination.change(&examination, isNeeded: newValue != 0) { $0.mendAttempts = newValue } }
    }
}
