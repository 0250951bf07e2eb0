import History
import Protocol

/// Between the operations of a history and the public protocol.
enum Wire {
    /// What an answer says of an operation.
    enum Meaning: Equatable {
        case result(KeyResult)
        /// This sending did nothing; an earlier one may have.
        case refused(String)
        /// No sending did anything, or will.
        case nothingDone(String)
        case unknown(String)
    }

    static func request(_ call: KeyCall, key: String, name: RequestName? = nil) -> [UInt8] {
        var bytes: [UInt8] = []
        let request = JSONRequest(kind: .operation(operation(call)), key: Array(key.utf8), name: name)
        try? request.write(to: &bytes)
        return bytes
    }

    static func status() -> [UInt8] {
        var bytes: [UInt8] = []
        try? JSONRequest(kind: .status).write(to: &bytes)
        return bytes
    }

    private static func operation(_ call: KeyCall) -> Operation {
        switch call {
        case .get: .get
        case .set(let value, _): .set(value: value, ttlMilliseconds: nil)
        case .delete: .delete
        case .add(let number): .add(number)
        case .append(let bytes): .append(bytes)
        case .compareAndSet(let expected, let value):
            .compareAndSet(expect: expected.map { .value($0) } ?? .absent, value: value)
        }
    }

    static func meaning(of answer: JSONResponse, to call: KeyCall) -> Meaning {
        guard answer.isSuccess else { return meaning(ofError: answer, to: call) }
        switch call {
        case .get: return .result(.value(answer.value ?? []))
        case .add:
            guard let value = answer.value, let number = Counter.number(in: value) else { return .result(.done) }
            return .result(.number(number))
        case .append: return .result(answer.length.map { .length(Int($0)) } ?? .done)
        case .set, .delete, .compareAndSet: return .result(.done)
        }
    }

    private static func meaning(ofError answer: JSONResponse, to call: KeyCall) -> Meaning {
        let error = answer.error ?? "an error without a word"
        switch call {
        case .get where answer.isNotFound: return .result(.value(nil))
        case .compareAndSet where answer.isConflict:
            // Where a retry is told the version only, it is not known what was met, but that nothing was done.
            if answer.value == nil, answer.version != nil { return .nothingDone(error) }
            return .result(.conflict(answer.value))
        case .add where error.hasPrefix("refused: "): return .result(.rejected)
        default: return error.hasSuffix("outcome unknown") ? .unknown(error) : .refused(error)
        }
    }
}
