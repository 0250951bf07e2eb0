import Protocol

/// A node getting itself what it lacks of a slot from `source`: the log beyond its position, or, where that
/// does not reach back far enough, a copy in key order and then the log written meanwhile.
///
///     log ──▶ done
///      │ copyNeeded
///      ▼
///     copying ──▶ log ──▶ done
struct Pull {
    enum Phase: Equatable {
        case log
        /// Has every key up to `after`; the copy began when everything up to `start` was applied.
        case copying(after: [UInt8]?, start: Version?)
        /// The table is copied; the log from `start` on is still to come.
        case replaying(start: Version)
    }

    let source: Member
    /// The connection on which it was asked for; a new one begins anew.
    let session: UInt64
    /// The number of the question whose answer is awaited: any other answer is of an earlier one.
    var number: UInt64 = 0
    var phase = Phase.log
    /// The table has nothing beyond the cursor: what comes is a plain copy. Nobody else writes to a table that is
    /// not held, so this stays true until the copy has passed.
    var isEmptyAhead = false
    /// What the entries add up to of which the source was told the digest.
    var compared: (covered: KeyRange, tally: Tally)?
    var lastHeard: Instant

    init(source: Member, session: UInt64, lastHeard: Instant) {
        self.source = source
        self.session = session
        self.lastHeard = lastHeard
    }
}
