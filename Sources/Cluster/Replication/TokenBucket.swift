/// How fast something may go on: a bucket that fills at so many tokens a second. What is taken may be more than there
/// is in it; then nothing may be taken until that has come in, so the rate is kept whatever is taken at a time.
struct TokenBucket {
    /// Tokens a second; 0: no limit.
    let rate: Int
    private let tokensMax: Int
    private var tokens: Int
    private var filledAt: Instant

    /// It begins full.
    /// - Parameter capacity: how long it takes to fill, and so what may be taken at once after a rest. Who looks at it
    ///   every so often needs so much, else it would overflow between two looks.
    init(rate: Int, capacity: Duration, now: Instant) {
        self.rate = max(rate, 0)
        tokensMax = max(TokenBucket.tokens(in: capacity, at: self.rate), 1)
        tokens = tokensMax
        filledAt = now
    }

    /// Whether something may be taken now.
    mutating func isOpen(now: Instant) -> Bool { tokens(now: now) > 0 }

    /// What is in it; `Int.max` without a limit.
    mutating func tokens(now: Instant) -> Int {
        guard rate > 0 else { return .max }
        let gained = TokenBucket.tokens(in: min(now.since(filledAt), .seconds(3_600)), at: rate)
        tokens = min(tokensMax, tokens + gained)
        // What is less than a token is counted the next time.
        let (product, isTooMuch) = gained.multipliedReportingOverflow(by: 1_000_000)
        filledAt = isTooMuch ? now : filledAt + .microseconds(product / rate)
        return tokens
    }

    /// So many tokens are taken.
    mutating func take(_ count: Int) {
        guard rate > 0 else { return }
        tokens -= count
    }

    private static func tokens(in span: Duration, at rate: Int) -> Int {
        let (product, isTooMuch) = Int(span.wholeMicroseconds).multipliedReportingOverflow(by: rate)
        return max(isTooMuch ? Int.max / 2_000_000 : product / 1_000_000, 0)
    }
}
