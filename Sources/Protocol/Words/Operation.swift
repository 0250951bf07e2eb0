/// What a client asks of one key.
package enum Operation: Equatable, Sendable {
    case get
    /// - Parameter ttlMilliseconds: the primary turns it into an absolute expiry.
    case set(value: [UInt8], ttlMilliseconds: UInt64?)
    case delete
    /// Adds to a value that is a 64-bit integer in decimal text, as Redis INCRBY: a missing one counts as 0;
    /// the expiry stays.
    case add(Int64)
    /// Puts bytes behind the value, as Redis APPEND: a missing one counts as empty; the expiry stays.
    case append([UInt8])
    /// Sets the value, without expiry, if what is there is what was expected; else nothing changes.
    case compareAndSet(expect: Expectation, value: [UInt8])

    package var isWrite: Bool {
        switch self {
        case .get: false
        case .set, .delete, .add, .append, .compareAndSet: true
        }
    }
}
