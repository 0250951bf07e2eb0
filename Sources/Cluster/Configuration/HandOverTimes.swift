/// How long slots were closed to clients while they changed hands, since that was said last.
struct HandOverTimes {
    /// Led by this node before and after: until it was open again.
    private(set) var kept = ClosedTimes()
    /// Led by another node now: until this one knew that.
    private(set) var given = ClosedTimes()
    /// Led by another node before: from when this one knew that it leads, until it was open.
    private(set) var taken = ClosedTimes()
    private var lastAt = Instant.zero

    mutating func addKept(_ duration: Duration, now: Instant) {
        kept.add(duration)
        lastAt = now
    }

    mutating func addGiven(_ duration: Duration, now: Instant) {
        given.add(duration)
        lastAt = now
    }

    mutating func addTaken(_ duration: Duration, now: Instant) {
        taken.add(duration)
        lastAt = now
    }

    /// What there is to say, once nothing has changed hands for so long; then it is forgotten.
    mutating func takeWords(now: Instant, quietFor span: Duration) -> String? {
        let kinds = [("kept", kept), ("given away", given), ("taken over", taken)].filter { $0.1.count > 0 }
        guard !kinds.isEmpty, now.since(lastAt) >= span else { return nil }
        self = HandOverTimes()
        return kinds.map { name, times in "\(times.count) slots \(name), closed for \(times.words)" }
            .joined(separator: "; ")
    }
}
