import Protocol

/// What a write comes to: what members apply, and what its client is told.
struct Computation: Equatable {
    let change: LogEntry.Change
    let answer: WriteAnswer
}

/// The rules of all writes. Only a primary computes; the others apply what its log says.
extension Write {
    /// Whether the result depends on what is there.
    var needsPresent: Bool {
        guard case .any = condition, !answersOld, lifetime != .kept else { return true }
        switch action {
        case .set, .delete: return false
        case .read, .keep, .add, .addDecimal, .append, .overwrite, .setBit, .copy: return true
        }
    }

    /// - Parameters:
    ///   - present: what is under the key after all writes before this one; nil: nothing, or it has expired.
    ///   - now: the primary's time of day.
    func computed(on present: Entry?, at now: Timestamp) -> Computation {
        let until = lifetime.end(after: present, at: now)
        guard condition.isMet(by: present, expiry: until) else {
            return Computation(change: .nothing, answer: .conflict(Present(present)))
        }
        let value: [UInt8]
        var result = WriteResult.none
        do throws(OperationFault) {
            switch action {
            case .delete:
                return Computation(change: .delete, answer: .written(answersOld ? .old(Present(present)) : .none))
            case .read: return Computation(change: .nothing, answer: .written(.old(Present(present))))
            case .keep:
                guard let present else { return Computation(change: .nothing, answer: .conflict(.nothing)) }
                // The same time given again is a change: who watches the key hears of it, as in Redis.
                if present.expiry == nil, until == nil {
                    return Computation(change: .nothing, answer: .written(answersOld ? .old(.entry(present)) : .none))
                }
                value = present.value
            case .set(let new): value = new.bytes
            case .overwrite(_, let bytes) where bytes.isEmpty:
                let length = Int64(present?.value.count ?? 0)
                return Computation(
                    change: .nothing, answer: .written(answersOld ? .old(Present(present)) : .number(length)))
            case .setBit:
                (value, result) = try action.applied(to: present?.value)
                // A bit that was so is no change, as in Redis.
                if value == present?.value, !answersOld, lifetime == .kept {
                    return Computation(change: .nothing, answer: .written(result))
                }
            default: (value, result) = try action.applied(to: present?.value)
            }
        } catch {
            return Computation(change: .nothing, answer: .refused(error))
        }
        let answer = WriteAnswer.written(answersOld ? .old(Present(present)) : result)
        if let until, until <= now { return Computation(change: .delete, answer: answer) }
        return Computation(change: .set(content(value, present), expiry: until), answer: answer)
    }

    /// What it makes. The digest of a large value is taken only where nobody has done so before.
    private func content(_ value: [UInt8], _ present: Entry?) -> Content {
        guard value.count >= Limits.largeValueBytes else { return .plain(value) }
        if case .keep = action, let present, present.digest != nil { return present.content }
        if case .set(let content) = action, content.digest != nil { return content }
        return Content(value, digest: ContentDigest(of: value))
    }
}

extension Write {
    /// A copy as the setting of what it copies; other writes as they are.
    /// - Returns: nil where there is nothing to copy.
    func resolved(_ entry: (_ key: [UInt8]) -> Entry?) -> Write? {
        guard case .copy(let source) = action else { return self }
        guard let entry = entry(source) else { return nil }
        let end = entry.expiry.map { Lifetime.until($0) } ?? .forever
        return Write(
            .set(entry.content), if: condition, for: lifetime == .kept ? end : lifetime, answersOld: answersOld)
    }
}

extension Write.Action {
    /// The value that it makes of another one; nil: of nothing.
    fileprivate func applied(to old: [UInt8]?) throws(OperationFault) -> ([UInt8], WriteResult) {
        switch self {
        case .set(let new): return (new.bytes, .none)
        case .delete, .keep, .read, .copy: return (old ?? [], .none)
        case .add(let amount):
            let sum = try Self.sum(of: old, and: amount)
            return (sum.text, .number(sum))
        case .addDecimal(let amount):
            let sum = try Decimal.sum(of: old ?? [UInt8(ascii: "0")], and: amount)
            return (sum, .value(sum))
        case .append(let bytes):
            let value = (old ?? []) + bytes
            guard value.count <= Limits.valueBytesMax else { throw .valueTooLong }
            return (value, .number(Int64(value.count)))
        case .overwrite(let offset, let bytes):
            var value = old ?? []
            try Self.put(bytes, into: &value, at: offset)
            return (value, .number(Int64(value.count)))
        case .setBit(let bit, let isOn):
            var value = old ?? []
            let was = try Self.setBit(bit, to: isOn, in: &value)
            return (value, .number(was ? 1 : 0))
        }
    }

    private static func sum(of old: [UInt8]?, and amount: Int64) throws(OperationFault) -> Int64 {
        guard let number = old.map({ Int64(text: $0) }) ?? 0 else { throw .notAnInteger }
        let (sum, overflow) = number.addingReportingOverflow(amount)
        guard !overflow else { throw .overflow }
        return sum
    }

    private static func put(_ bytes: [UInt8], into value: inout [UInt8], at offset: UInt64) throws(OperationFault) {
        guard !bytes.isEmpty else { return }
        guard offset <= UInt64(Limits.valueBytesMax), Int(offset) + bytes.count <= Limits.valueBytesMax else {
            throw .valueTooLong
        }
        let end = Int(offset) + bytes.count
        if value.count < end { value += [UInt8](repeating: 0, count: end - value.count) }
        value.replaceSubrange(Int(offset)..<end, with: bytes)
    }

    private static func setBit(_ bit: UInt64, to isOn: Bool, in value: inout [UInt8]) throws(OperationFault) -> Bool {
        guard bit / 8 < UInt64(Limits.valueBytesMax) else { throw .valueTooLong }
        let index = Int(bit / 8)
        if value.count <= index { value += [UInt8](repeating: 0, count: index + 1 - value.count) }
        let mask = UInt8(0x80) >> UInt8(bit % 8)
        defer { if isOn { value[index] |= mask } else { value[index] &= ~mask } }
        return value[index] & mask != 0
    }
}

extension Write.Lifetime {
    /// - Returns: nil: never.
    fileprivate func end(after present: Entry?, at now: Timestamp) -> Timestamp? {
        switch self {
        case .forever: return nil
        case .kept: return present?.expiry
        case .until(let time): return time
        case .milliseconds(let milliseconds):
            let (sum, overflow) = now.milliseconds.addingReportingOverflow(milliseconds)
            return Timestamp(milliseconds: overflow ? .max : sum)
        }
    }
}

extension Expectation {
    /// - Parameters:
    ///   - present: nil: nothing, or it has expired.
    ///   - expiry: what the write would give it; nil: never.
    func isMet(by present: Entry?, expiry: Timestamp?) -> Bool {
        switch self {
        case .any: return true
        case .absent: return present == nil
        case .present: return present != nil
        case .value(let value): return present?.value == value
        case .version(let version): return present?.version == version
        case .lasting: return present.map { $0.expiry == nil } ?? false
        case .expiring: return present?.expiry != nil
        case .expiringEarlier:
            guard let old = present?.expiry else { return false }
            return expiry.map { old < $0 } ?? true
        case .endingLater:
            guard let old = present?.expiry, let expiry else { return false }
            return old > expiry
        case .expiringLater:
            guard let present, let expiry else { return false }
            return present.expiry.map { $0 > expiry } ?? true
        }
    }
}
