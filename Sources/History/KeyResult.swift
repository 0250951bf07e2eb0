/// What a client was told of an operation that took effect, or that was answered from the key's value.
package enum KeyResult: Hashable, Sendable {
    /// Of a get; nil: absent.
    case value([UInt8]?)
    /// Of any write: it took effect (a compare-and-set: it succeeded). No more is known.
    case done
    /// Of a set with a ttl whose answer said more about the expiry than its begin and its end do.
    case doneExpiring(ExpiryWindow)
    /// Of an add: the new number.
    case number(Int64)
    /// Of an add that found no number, or one too large to add to. It observed that and changed nothing.
    case rejected
    /// Of an append: the new length in bytes.
    case length(Int)
    /// Of a compare-and-set that failed: what it found instead.
    case conflict([UInt8]?)

    package func isPossible(for call: KeyCall) -> Bool {
        switch (call, self) {
        case (.get, .value), (.add, .number), (.add, .rejected), (.append, .length): true
        case (.compareAndSet, .conflict): true
        case (.set(_, let ttl), .doneExpiring): ttl != nil
        case (.get, .done): false
        case (_, .done): true
        default: false
        }
    }
}
