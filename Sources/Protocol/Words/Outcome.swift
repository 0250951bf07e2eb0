/// How an operation on one key ended.
package enum Outcome: Equatable, Sendable {
    /// GET: the entry.
    case found(Entry)
    /// GET: there is none, or it has expired.
    case notFound
    /// SET or DELETE: it took effect, at the consistency asked for.
    case written(version: Version, timestamp: Timestamp)
    /// Too much is under way; nothing was done.
    case busy(String)
    /// Not enough of the ring answered in time. A write may or may not have taken effect.
    case unavailable(String)
}
