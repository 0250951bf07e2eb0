/// A write of one key: what is done, on which condition, how long the value lasts, and what is answered.
/// Each of the four may be combined with each of the others.
package struct Write: Equatable, Sendable {
    /// A missing value counts as empty, or as 0; an expired one is missing.
    package enum Action: Equatable, Sendable {
        case set(Content)
        case delete
        /// The value stays, and must be there: for a change of its expiry alone.
        case keep
        /// Changes nothing: what is there is the answer. For reads in the midst of writes, and for conditions on keys
        /// that are not written.
        case read
        /// Adds to a value that is a 64-bit integer in decimal text.
        case add(Int64)
        /// Adds to a value that is a decimal number, as Redis INCRBYFLOAT: in long double arithmetic, written with up
        /// to 17 digits behind the point, without trailing zeros and without exponent.
        /// - Parameter text: the number to add.
        case addDecimal([UInt8])
        /// Puts bytes behind the value.
        case append([UInt8])
        /// Puts bytes into the value from `offset` on, as Redis SETRANGE: zeros fill what is missing before it. No bytes
        /// change nothing.
        case overwrite(offset: UInt64, [UInt8])
        /// Sets one bit, counted from the highest of the first byte on, as Redis SETBIT.
        case setBit(UInt64, to: Bool)
        /// Sets what is under another key of the same slot, which must be there; `kept` is that one's expiry then.
        case copy(of: [UInt8])
    }

    /// How long the value lasts.
    package enum Lifetime: Equatable, Sendable {
        case forever
        /// As it was; for ever where nothing was there.
        case kept
        /// The primary turns it into an absolute one.
        case milliseconds(UInt64)
        /// In the past: the key is deleted.
        case until(Timestamp)
    }

    package let action: Action
    package let condition: Expectation
    package let lifetime: Lifetime
    /// Answers what was there before, in place of anything else.
    package let answersOld: Bool

    package init(
        _ action: Action, if condition: Expectation = .any, for lifetime: Lifetime, answersOld: Bool = false
    ) {
        self.action = action
        self.condition = condition
        self.lifetime = lifetime
        self.answersOld = answersOld
    }

    /// The other key that it reads.
    package var source: [UInt8]? {
        if case .copy(let source) = action { source } else { nil }
    }
}

extension Write.Action {
    /// Sets these bytes. Where they are many their digest is taken by who computes the write.
    package static func set(_ value: [UInt8]) -> Self { .set(.plain(value)) }
}
