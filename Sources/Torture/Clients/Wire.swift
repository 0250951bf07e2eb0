import History
import Protocol

/// Between the operations of a history and the public protocol.
enum Wire {
    /// What an answer says of an operation.
    enum Meaning: Equatable {
        case result(KeyResult)
        /// Nothing was done.
        case refused(String)
        case unknown(String)
    }

    static func request(_ call: KeyCall, key: String) -> [UInt8] {
        var bytes: [UInt8] = []
        let request = JSONRequest(kind: .operation(operation(call)), key: Array(key.utf8))
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
        guard answer.isSuccess else { return meaning(of: answer.error ?? "an error without a word", to: call) }
        guard case .get = call else { return .result(.done) }
        return .result(.value(answer.value ?? []))
    }

    private static func meaning(of error: String, to call: KeyCall) -> Meaning {
        if case .get = call, error == "key not found" { return .result(.value(nil)) }
        return error.hasSuffix("outcome unknown") ? .unknown(error) : .refused(error)
    }
}
