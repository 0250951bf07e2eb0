extension Replicator {
    /// Says what sync has brought, once it is through.
    func reportSync() {
        guard pulling.isEmpty, waitingPulls.isEmpty, waitingLessons.isEmpty,
            syncCounters.copiesTaken > reportedSync.copiesTaken
        else { return }
        let copies = syncCounters.copiesTaken - reportedSync.copiesTaken
        let entries = syncCounters.entriesTaken - reportedSync.entriesTaken
        let bytes = syncCounters.bytesTaken - reportedSync.bytesTaken
        let kept = syncCounters.entriesKept - reportedSync.entriesKept
        reportedSync = syncCounters
        notice(
            .info("sync: \(copies) slots copied or compared, \(entries) entries (\(bytes) bytes) taken, \(kept) kept"))
    }
}
