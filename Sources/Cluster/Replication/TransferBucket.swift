/// How fast a node supplies others: a bucket that fills at so many bytes a second (a token bucket). What is sent
/// may take more than there is in it; then nothing is sent until that has come in, so the rate is kept whatever
/// the size of a piece.
struct TransferBucket {
    /// What may be sent at once after a rest: a tick's worth must be in it, else it would overflow between two.
    private static let capacity = Duration.milliseconds(100)

    /// Bytes a second; 0: no limit.
    let rate: Int
    private let bytesMax: Int
    private var bytes: Int
    private var filledAt: Instant

    /// It begins full.
    init(rate: Int, now: Instant) {
        self.rate = max(rate, 0)
        bytesMax = max(TransferBucket.bytes(in: TransferBucket.capacity, at: self.rate), 1)
        bytes = bytesMax
        filledAt = now
    }

    /// Whether something may be sent now.
    mutating func isOpen(now: Instant) -> Bool {
        guard rate > 0 else { return true }
        let gained = TransferBucket.bytes(in: min(now.since(filledAt), .seconds(3_600)), at: rate)
        bytes = min(bytesMax, bytes + gained)
        // What is less than a byte is counted the next time.
        let (product, isTooMuch) = gained.multipliedReportingOverflow(by: 1_000_000)
        filledAt = isTooMuch ? now : filledAt + .microseconds(product / rate)
        return bytes > 0
    }

    /// So many bytes are sent.
    mutating func take(_ count: Int) {
        guard rate > 0 else { return }
        bytes -= count
    }

    private static func bytes(in span: Duration, at rate: Int) -> Int {
        let (product, isTooMuch) = Int(span.wholeMicroseconds).multipliedReportingOverflow(by: rate)
        return max(isTooMuch ? Int.max / 2_000_000 : product / 1_000_000, 0)
    }
}
