/// The value that some later operation saw, and whether appends are the only way there: then what the key
/// holds until then is a beginning of it. Where clients only learn lengths, this tells which open append
/// it was.
struct Destination {
    private let value: [UInt8]?
    private let isOnlyByAppending: Bool

    /// What an operation is known to have found.
    static func observed(by operation: KeyOperation) -> [UInt8]?? {
        switch (operation.call, operation.result) {
        case (.get, .value(let value)): .some(value)
        case (.compareAndSet(let expected, _), .done): .some(expected)
        case (.compareAndSet, .conflict(let present)): .some(present)
        default: nil
        }
    }

    /// - Parameter meanwhile: at least all that can be placed before the operation that found `value`.
    init(_ value: [UInt8]?, meanwhile: [KeyOperation]) {
        self.value = value
        let starts = { (bytes: [UInt8]) in value?.starts(with: bytes) ?? false }
        let canAppendFromNothing = meanwhile.contains { operation in
            if case .append(let bytes) = operation.call { starts(bytes) } else { false }
        }
        isOnlyByAppending = meanwhile.allSatisfy { operation in
            switch operation.call {
            case .get, .append: true
            case .add: false
            case .set(let bytes, let ttl): ttl == nil && !starts(bytes)
            case .compareAndSet(_, let bytes): !starts(bytes)
            case .delete: value != nil && !canAppendFromNothing
            }
        }
    }

    func isWithinReach(of state: KeyState) -> Bool {
        guard isOnlyByAppending, state.window == nil, let held = state.value else { return true }
        return value?.starts(with: held) ?? false
    }
}
