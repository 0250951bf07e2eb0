/// How far a departure has come, and what is said of it.
struct DepartureWatch {
    private static let reportInterval = Duration.seconds(1)

    let begunAt: Instant
    private var fewest = Int.max
    private var progressAt: Instant
    private var reportedAt: Instant

    init(now: Instant) {
        begunAt = now
        progressAt = now
        reportedAt = now
    }

    /// - Parameter left: what is still to be handed over.
    mutating func note(_ left: Int, now: Instant) {
        guard left < fewest else { return }
        fewest = left
        progressAt = now
    }

    /// Whether nothing has been handed over for so long.
    func rests(for span: Duration, now: Instant) -> Bool { now.since(progressAt) >= span }

    /// True about once a second.
    mutating func shouldReport(now: Instant) -> Bool {
        guard now.since(reportedAt) >= DepartureWatch.reportInterval else { return false }
        reportedAt = now
        return true
    }
}
