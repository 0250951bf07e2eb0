import Protocol

/// In what a command gives an expiry.
enum TimeUnit: Equatable, Sendable {
    case seconds, milliseconds, unixSeconds, unixMilliseconds

    /// Of an option's name.
    init?(_ word: ArraySlice<UInt8>) {
        if word.means("ex") {
            self = .seconds
        } else if word.means("px") {
            self = .milliseconds
        } else if word.means("exat") {
            self = .unixSeconds
        } else if word.means("pxat") {
            self = .unixMilliseconds
        } else {
            return nil
        }
    }

    var isAbsolute: Bool { self == .unixSeconds || self == .unixMilliseconds }
    private var scale: Int64 { self == .seconds || self == .unixSeconds ? 1_000 : 1 }

    /// What must be in the future.
    func lifetime(_ number: Int64, _ command: String) throws(RedisFault) -> Write.Lifetime {
        guard number > 0 else { throw .invalidExpire(command) }
        return try anyLifetime(number, command)
    }

    /// What may be in the past.
    func anyLifetime(_ number: Int64, _ command: String) throws(RedisFault) -> Write.Lifetime {
        let (milliseconds, overflow) = number.multipliedReportingOverflow(by: scale)
        guard !overflow else { throw .invalidExpire(command) }
        guard milliseconds > 0 else { return .until(Timestamp(milliseconds: 0)) }
        if isAbsolute { return .until(Timestamp(milliseconds: UInt64(milliseconds))) }
        // As far as a clock goes: Redis refuses what would be beyond with its own.
        guard milliseconds <= Int64.max - 8_000_000_000_000 else { throw .invalidExpire(command) }
        return .milliseconds(UInt64(milliseconds))
    }
}
