/// What a client asks of one key.
package enum KeyCall: Hashable, Sendable {
    case get
    /// - Parameter ttl: the primary makes an absolute expiry of it, by its own clock.
    case set([UInt8], ttl: Duration? = nil)
    case delete
    /// To a counter kept as decimal text; an absent one counts as 0. A value that is no number, or a sum
    /// beyond 64 bits, is rejected and stays. Keeps the expiry of what it finds.
    case add(Int64)
    /// An absent value counts as empty. Keeps the expiry of what it finds.
    case append([UInt8])
    /// nil expects an absent key. A success takes an expiry away.
    case compareAndSet(expect: [UInt8]?, value: [UInt8])

    /// It takes effect whatever it finds, and says nothing of what it found.
    var isOverwrite: Bool {
        switch self {
        case .set, .delete: true
        case .get, .add, .append, .compareAndSet: false
        }
    }
}
