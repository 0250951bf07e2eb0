/// How long slots were closed to clients while they changed hands, since that was said last.
struct HandOverTimes {
    enum Kind: String, CaseIterable {
        /// Led by this node before and after: until it was open again.
        case kept
        /// Led by another node now: until this one knew that.
        case given = "given away"
        /// Led by another node before: from when this one knew that it leads, until it was open.
        case taken = "taken over"
    }

    private var times: [Kind: ClosedTimes] = [:]
    private var lastAt = Instant.zero

    mutating func add(_ kind: Kind, since: Instant, now: Instant) {
        times[kind, default: ClosedTimes()].add(now.since(since))
        lastAt = now
    }

    /// What there is to say, once nothing has changed hands for so long; then it is forgotten.
    mutating func takeWords(now: Instant, quietFor span: Duration) -> String? {
        guard !times.isEmpty, now.since(lastAt) >= span else { return nil }
        let words = Kind.allCases.compactMap { kind in
            times[kind].map { "\($0.count) slots \(kind.rawValue), closed for \($0.words)" }
        }
        self = HandOverTimes()
        return words.joined(separator: "; ")
    }
}
