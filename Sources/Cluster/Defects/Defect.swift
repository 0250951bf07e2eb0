import Protocol

/// Small defects that the simulator must find: they prove its checks. Each breaks one rule that
/// docs/consistency.md relies on.
///
/// They are there in builds with `-D DEFECTS` only (debug builds, `scripts/test`, `scripts/simulate`). In all
/// others `Replicator.has` is a constant, and nothing of them is left in the program.
package enum Defect: String, CaseIterable, Sendable {
    // Writes
    case acknowledgeBeforeDurable = "acknowledge-before-durable"
    case commitOnOne = "commit-on-one"
    case answerBeforeCommitted = "answer-before-committed"
    case answerOneBeforeDurable = "answer-one-before-durable"
    case answerAllAtMajority = "answer-all-at-majority"
    case countLearners = "count-learners"
    case countEarlierConnections = "count-earlier-connections"
    case acceptGap = "accept-gap"
    case applyTwice = "apply-twice"
    case ignoreMarks = "ignore-marks"
    case applyHalfABatch = "apply-half-a-batch"
    case removeNewerValues = "remove-newer-values"
    case ignoreExpectations = "ignore-expectations"

    // Reads
    case readWithoutConfirmation = "read-without-confirmation"
    case readUncommitted = "read-uncommitted"
    case readKeysApart = "read-keys-apart"

    // Order
    case sendInAnyOrder = "send-in-any-order"
    case readWhenConfirmed = "read-when-confirmed"
    case readBeforeHeldWrites = "read-before-held-writes"
    case readUnderAnOlderEpoch = "read-under-an-older-epoch"

    // Deciding
    case followWhileSealed = "follow-while-sealed"
    case sealSilently = "seal-silently"
    case promiseBeforeDurable = "promise-before-durable"
    case promiseLowerBallots = "promise-lower-ballots"
    case forgetPromises = "forget-promises"
    case ignoreAcceptedValues = "ignore-accepted-values"
    case lowestPositionAsBase = "lowest-position-as-base"
    case acceptWithoutTheBase = "accept-without-the-base"
    case decideByMinority = "decide-by-minority"
    case takeInLaggingLearners = "take-in-lagging-learners"
    case repairWithoutAll = "repair-without-all"

    // Finishing
    case completeWithoutTheBase = "complete-without-the-base"
    case keepBeyondTheBase = "keep-beyond-the-base"
    case declareBeforeDurable = "declare-before-durable"
    case goOnInTheEpoch = "go-on-in-the-epoch"
    case leadTwice = "lead-twice"
    case keepRequestIDsOfUndoneWrites = "keep-request-ids-of-undone-writes"
    case loseRequestIDs = "lose-request-ids"
    case dropEarly = "drop-early"
    case dropWithoutComparing = "drop-without-comparing"

    // Copying
    case completeBeforeCopied = "complete-before-copied"
    case keepWhatThePrimaryLacks = "keep-what-the-primary-lacks"
    case copyWithoutRequestIDs = "copy-without-request-ids"
    case compareWithoutDeletions = "compare-without-deletions"

    // Telling
    case leaveSilently = "leave-silently"
    case hideDecisions = "hide-decisions"

    // Digests
    case digestWithoutDeletions = "digest-without-deletions"
    case skipTheScrub = "skip-the-scrub"
    case mendOverNewer = "mend-over-newer"
}

extension Replicator {
    /// Whether this build and these settings have that defect.
    @inline(__always)
    func has(_ defect: Defect) -> Bool {
        #if DEFECTS
            settings.defect == defect
        #else
            false
        #endif
    }

    /// What a restart does wrong.
    @inline(__always)
    func restoreDefectively(_ replica: Replica, _ configuration: Configuration) {
        if has(.forgetPromises) {
            replica.promised = nil
            replica.accepted = nil
        }
        if has(.goOnInTheEpoch), configuration.primary == me {
            replica.mustReopen = false
            lead(replica, configuration)
        }
    }
}
