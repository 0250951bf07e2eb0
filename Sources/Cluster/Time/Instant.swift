/// A point on the monotonic clock that drives every decision, in microseconds since an arbitrary start.
/// Cluster never reads a clock: whoever drives it says what time it is.
package struct Instant: Hashable, Comparable, Sendable {
    package let microseconds: UInt64

    package init(microseconds: UInt64) { self.microseconds = microseconds }

    package static let zero = Instant(microseconds: 0)

    package static func < (left: Instant, right: Instant) -> Bool {
        left.microseconds < right.microseconds
    }

    /// `span` later; a negative span counts as none.
    package static func + (instant: Instant, span: Duration) -> Instant {
        Instant(microseconds: instant.microseconds &+ span.wholeMicroseconds)
    }

    /// How long after `earlier` this is; zero if it is not after it.
    package func since(_ earlier: Instant) -> Duration {
        self <= earlier ? .zero : .microseconds(Int64(microseconds - earlier.microseconds))
    }
}

extension Duration {
    /// In whole microseconds; 0 for a negative one.
    package var wholeMicroseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return UInt64(seconds) &* 1_000_000 &+ UInt64(attoseconds / 1_000_000_000_000)
    }
}
