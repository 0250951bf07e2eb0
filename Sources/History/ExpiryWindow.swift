import Cluster

/// When a value may and when it must have expired, in the world's true time.
///
/// The expiry is a time E on the clock of the primary that took the set; another primary may compare it with
/// another clock. Where every clock is at most `skew` off, E lies between begin + ttl − skew and
/// end + ttl + skew of the set, and a clock reaches E at most `skew` before or after true time does.
/// So within the window a value may be absent, and be there again when another clock is asked: that is no
/// violation, and the checker does not call it one.
package struct ExpiryWindow: Hashable, Sendable {
    /// The first instant at which it may be seen absent.
    package let earliest: Instant
    /// The last instant at which it may be seen; nil: for ever, since the set may still take effect.
    package let latest: Instant?

    package init(earliest: Instant, latest: Instant?) {
        self.earliest = earliest
        self.latest = latest
    }

    /// - Parameter end: nil: it is not known when the set took effect, or whether it did.
    package init(ttl: Duration, begin: Instant, end: Instant?, skew: Duration) {
        let due = begin + ttl
        let bothSkews = skew.wholeMicroseconds &* 2
        earliest = Instant(microseconds: due.microseconds - min(due.microseconds, bothSkews))
        latest = end.map { $0 + ttl + skew + skew }
    }

    /// The narrower window of a set whose answer told the expiry on the primary's clock.
    package init(expiry: Instant, skew: Duration) {
        let early = min(expiry.microseconds, skew.wholeMicroseconds)
        earliest = Instant(microseconds: expiry.microseconds - early)
        latest = expiry + skew
    }
}
