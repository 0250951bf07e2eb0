/// What a client asks of one key, or in one step of several keys of one slot.
package enum Operation: Equatable, Sendable {
    case get
    case query(SlotQuery)
    case write(Write)
    /// Computed in their order, each on what those before it left, and applied together: one write of the slot, with
    /// one version. At most `Limits.batchWritesMax`.
    case batch([KeyedWrite])
    case transaction(Transaction)

    package var isWrite: Bool {
        switch self {
        case .get, .query: false
        case .write, .batch, .transaction: true
        }
    }

    /// Whether all its keys are of `slot`.
    package func isOf(_ slot: Slot) -> Bool {
        switch self {
        case .get: true
        case .query(.entries(let keys)): keys.allSatisfy { Slot(key: $0) == slot }
        case .query: true
        case .write(let write): write.source.map { Slot(key: $0) == slot } ?? true
        case .batch(let items): items.allSatisfy { $0.isOf(slot) }
        case .transaction(let transaction):
            transaction.expectations.allSatisfy { $0.isOf(slot) }
                && transaction.batches.allSatisfy { $0.allSatisfy { $0.isOf(slot) } }
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
