/// What a client asks of one key, or in one step of several keys of one slot.
package enum Operation: Equatable, Sendable {
    case get
    case write(Write)
    /// Computed in their order, each on what those before it left, and applied together: one write of the slot, with
    /// one version. At most `Limits.batchWritesMax`.
    case batch([KeyedWrite])

    package var isWrite: Bool {
        if case .get = self { false } else { true }
    }

    /// Whether all its keys are of `slot`.
    /// - Parameter key: the one that it was sent with.
    package func isOf(_ slot: Slot, key: [UInt8]) -> Bool {
        switch self {
        case .get: true
        case .write(let write): write.source.map { Slot(key: $0) == slot } ?? true
        case .batch(let items):
            items.allSatisfy { item in
                Slot(key: item.key) == slot && item.write.source.map { Slot(key: $0) == slot } ?? true
            }
        }
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
