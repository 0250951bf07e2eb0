/// How an operation on one key ended.
package enum Outcome: Equatable, Sendable {
    /// GET: the entry.
    case found(Entry)
    /// GET: there is none, or it has expired.
    case notFound
    /// A write: it took effect, at the consistency asked for.
    /// - Parameter number: what an `add` came to, or how many bytes the value has after an `append`.
    case written(version: Version, timestamp: Timestamp, number: Int64? = nil)
    /// A compare-and-set: something else was there; nothing changed, and never will for this request.
    case conflict(Present)
    /// The operation cannot be done on the value that was there; nothing changed, and never will for this
    /// request.
    case refused(OperationFault)
    /// Too much is under way; nothing was done.
    case busy(String)
    /// Not enough of the ring answered in time. A write may or may not have taken effect.
    case unavailable(String)

    /// What a compare-and-set met instead of what it expected.
    package enum Present: Equatable, Sendable {
        case nothing
        case entry(Entry)
        /// Known when the request came again and the value had been replaced since.
        case replaced(Version)
    }
}
