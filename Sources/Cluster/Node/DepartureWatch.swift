/// How long a departure goes on, and what is said of it.
struct DepartureWatch {
    private static let reportInterval = Duration.seconds(1)

    let begunAt: Instant
    private var reportedAt: Instant

    init(now: Instant) {
        begunAt = now
        reportedAt = now
    }

    /// True about once a second.
    mutating func shouldReport(now: Instant) -> Bool {
        guard now.since(reportedAt) >= DepartureWatch.reportInterval else { return false }
        reportedAt = now
        return true
    }
}
