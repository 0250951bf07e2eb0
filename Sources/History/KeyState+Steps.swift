/// The sequential specification: which states an operation can lead to, answer included.
extension KeyState {
    /// At most two: an operation that may find a value expired or not.
    struct Successors {
        var found: KeyState?
        var foundExpired: KeyState?
    }

    private enum Effect {
        case impossible, nothing
        case becomes([UInt8]?, ExpiryWindow?)
        /// The expiry of what was found stays.
        case changes([UInt8])
    }

    func successors(of operation: KeyOperation) -> Successors {
        guard value != nil, let window else {
            return Successors(found: after(operation, finding: value), foundExpired: nil)
        }
        var successors = Successors()
        if window.latest.map({ operation.beginTime <= $0 }) ?? true {
            successors.found = after(operation, finding: value)
        }
        if operation.endTime.map({ $0 >= window.earliest }) ?? true {
            successors.foundExpired = after(operation, finding: nil)
            if successors.foundExpired == successors.found { successors.foundExpired = nil }
        }
        return successors
    }

    func fits(_ operation: KeyOperation) -> Bool {
        let next = successors(of: operation)
        return next.found != nil || next.foundExpired != nil
    }

    private func after(_ operation: KeyOperation, finding found: [UInt8]?) -> KeyState? {
        switch Self.effect(of: operation, finding: found) {
        case .impossible: nil
        case .nothing: self
        case .becomes(let value, let window): KeyState(value: value, window: window)
        case .changes(let value): KeyState(value: value, window: found == nil ? nil : window)
        }
    }

    private static func effect(of operation: KeyOperation, finding found: [UInt8]?) -> Effect {
        let result = operation.result
        switch operation.call {
        case .get:
            return result == nil || result == .value(found) ? .nothing : .impossible
        case .set(let value, _):
            return .becomes(value, operation.window)
        case .delete:
            return .becomes(nil, nil)
        case .add(let delta):
            return add(delta, to: found, result)
        case .append(let bytes):
            let whole = (found ?? []) + bytes
            if case .length(let length) = result, length != whole.count { return .impossible }
            return .changes(whole)
        case .compareAndSet(let expected, let value):
            return compare(found, with: expected, then: value, result)
        }
    }

    private static func add(_ delta: Int64, to found: [UInt8]?, _ result: KeyResult?) -> Effect {
        guard let number = Counter.number(in: found) else { return unlessApplied(result) }
        let (sum, overflow) = number.addingReportingOverflow(delta)
        if overflow { return unlessApplied(result) }
        if case .number(let told) = result, told != sum { return .impossible }
        return result == .rejected ? .impossible : .changes(Counter.text(of: sum))
    }

    private static func unlessApplied(_ result: KeyResult?) -> Effect {
        result == nil || result == .rejected ? .nothing : .impossible
    }

    private static func compare(
        _ found: [UInt8]?, with expected: [UInt8]?, then value: [UInt8], _ result: KeyResult?
    ) -> Effect {
        if case .conflict(let present) = result {
            return found == present && found != expected ? .nothing : .impossible
        }
        if found == expected { return .becomes(value, nil) }
        return result == nil ? .nothing : .impossible
    }
}
