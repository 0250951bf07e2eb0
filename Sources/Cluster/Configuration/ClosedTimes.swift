/// How long slots could not be written to, or read at `quorum`, while they changed hands.
struct ClosedTimes {
    /// By whole milliseconds, the last for all that took longer.
    private var counts = [UInt32](repeating: 0, count: 1_024)
    private(set) var count = 0
    private var longest = Duration.zero

    mutating func add(_ duration: Duration) {
        counts[min(Int(duration.wholeMicroseconds / 1_000), counts.count - 1)] += 1
        count += 1
        longest = max(longest, duration)
    }

    /// The time that `part` of all did not exceed, in milliseconds, rounded up.
    func milliseconds(_ part: Double) -> Int {
        var left = Int((Double(count) * part).rounded(.up))
        for (index, number) in counts.enumerated() {
            left -= Int(number)
            if left <= 0, index + 1 < counts.count { return min(index + 1, longestMilliseconds) }
        }
        return longestMilliseconds
    }

    var longestMilliseconds: Int { Int((longest.wholeMicroseconds + 999) / 1_000) }

    /// Such as `4 ms (median), 11 ms (p99), 15 ms at most`.
    var words: String { "\(milliseconds(0.5)) ms (median), \(milliseconds(0.99)) ms (p99), \(longestMilliseconds) ms at most" }
}
