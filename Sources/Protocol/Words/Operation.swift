/// What a client asks of one key.
package enum Operation: Equatable, Sendable {
    case get
    case write(Write)

    package var isWrite: Bool {
        if case .write = self { true } else { false }
    }
}

/// The usual ones.
extension Operation {
    /// - Parameter ttlMilliseconds: the primary turns it into an absolute expiry.
    package static func set(value: [UInt8], ttlMilliseconds: UInt64?) -> Operation {
        .write(Write(.set(value), for: ttlMilliseconds.map { .milliseconds($0) } ?? .forever))
    }

    package static var delete: Operation { .write(Write(.delete, for: .forever)) }

    /// Adds to a value, as Redis INCRBY; the expiry stays.
    package static func add(_ amount: Int64) -> Operation { .write(Write(.add(amount), for: .kept)) }

    /// Puts bytes behind the value, as Redis APPEND; the expiry stays.
    package static func append(_ bytes: [UInt8]) -> Operation { .write(Write(.append(bytes), for: .kept)) }

    /// Sets the value, without expiry, if what is there is what was expected; else nothing changes.
    package static func compareAndSet(expect: Expectation, value: [UInt8]) -> Operation {
        .write(Write(.set(value), if: expect, for: .forever))
    }
}
