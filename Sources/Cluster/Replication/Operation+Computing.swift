import Protocol

/// What a write comes to: what members apply, and what its client is told.
struct Computation: Equatable {
    let change: LogEntry.Change
    let answer: WriteAnswer
}

/// The rules of all writes. Only a primary computes; the others apply what its log says.
extension Operation {
    /// Whether the result depends on what is there.
    var needsPresent: Bool {
        switch self {
        case .get, .set, .delete: false
        case .add, .append, .compareAndSet: true
        }
    }

    /// - Parameters:
    ///   - present: what is under the key after all writes before this one; nil: nothing, or it has expired.
    ///   - now: the primary's time of day.
    /// - Precondition: it is a write.
    func computed(on present: Entry?, at now: Timestamp) -> Computation {
        switch self {
        case .set(let value, let ttl):
            return Computation(
                change: .set(value: value, expiry: ttl.map { now.adding(milliseconds: $0) }),
                answer: .written())
        case .delete, .get: return Computation(change: .delete, answer: .written())
        case .add(let amount): return Self.sum(of: present, and: amount)
        case .append(let bytes): return Self.joined(present, and: bytes)
        case .compareAndSet(let expect, let value):
            guard expect.isMet(by: present) else {
                return Computation(change: .nothing, answer: .conflict(with: present?.version))
            }
            return Computation(change: .set(value: value, expiry: nil), answer: .written())
        }
    }

    private static func sum(of present: Entry?, and amount: Int64) -> Computation {
        guard let old = present.map({ Int64(canonical: $0.value) }) ?? 0 else {
            return Computation(change: .nothing, answer: .refused(.notAnInteger))
        }
        let (sum, overflow) = old.addingReportingOverflow(amount)
        guard !overflow else { return Computation(change: .nothing, answer: .refused(.overflow)) }
        return Computation(
            change: .set(value: Array(String(sum).utf8), expiry: present?.expiry),
            answer: .written(number: sum))
    }

    private static func joined(_ present: Entry?, and bytes: [UInt8]) -> Computation {
        let value = (present?.value ?? []) + bytes
        guard value.count <= Limits.valueBytesMax else {
            return Computation(change: .nothing, answer: .refused(.valueTooLong))
        }
        return Computation(
            change: .set(value: value, expiry: present?.expiry),
            answer: .written(number: Int64(value.count)))
    }
}

extension Expectation {
    /// - Parameter present: nil: nothing, or it has expired.
    func isMet(by present: Entry?) -> Bool {
        switch self {
        case .absent: present == nil
        case .value(let value): present?.value == value
        case .version(let version): present?.version == version
        }
    }
}

extension Int64 {
    /// Decimal text as a computer writes it: no sign but `-`, no leading zero, no space, no `-0`.
    init?(canonical text: [UInt8]) {
        guard text.count <= 20, let number = Int64(String(decoding: text, as: UTF8.self)),
            Array(String(number).utf8) == text
        else { return nil }
        self = number
    }
}

extension Timestamp {
    fileprivate func adding(milliseconds: UInt64) -> Timestamp {
        let (sum, overflow) = self.milliseconds.addingReportingOverflow(milliseconds)
        return Timestamp(milliseconds: overflow ? .max : sum)
    }
}
