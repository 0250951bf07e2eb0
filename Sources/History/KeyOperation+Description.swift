extension KeyOperation: CustomStringConvertible {
    package var description: String {
        let span = "[\(begin), \(end.map(String.init) ?? "…")]"
        let answer = result.map { "\($0)" } ?? "no answer"
        return "\(span) at \(seconds) s, client \(client): \(call) -> \(answer)"
    }

    private var seconds: String {
        let milliseconds = beginTime.microseconds / 1000
        let fraction = String(milliseconds % 1000 + 1000).dropFirst()
        return "\(milliseconds / 1000).\(fraction)"
    }
}

extension KeyCall: CustomStringConvertible {
    package var description: String {
        switch self {
        case .get: "get"
        case .set(let value, nil): "set \(readable(value))"
        case .set(let value, let ttl?): "set \(readable(value)) for \(ttl)"
        case .delete: "delete"
        case .add(let delta): "add \(delta)"
        case .append(let bytes): "append \(readable(bytes))"
        case .compareAndSet(let expected, let value):
            "compare with \(readable(expected)) and set \(readable(value))"
        }
    }
}

extension KeyResult: CustomStringConvertible {
    package var description: String {
        switch self {
        case .value(let value): readable(value)
        case .done: "done"
        case .doneExpiring(let window): "done, expires \(window)"
        case .number(let number): "\(number)"
        case .rejected: "rejected"
        case .length(let length): "\(length) bytes"
        case .conflict(let present): "conflict with \(readable(present))"
        }
    }
}

extension KeyState: CustomStringConvertible {
    package var description: String { readable(value) + (window.map { ", expires \($0)" } ?? "") }
}

extension ExpiryWindow: CustomStringConvertible {
    package var description: String {
        let last = latest.map { "\($0.microseconds) us" } ?? "any time"
        return "\(earliest.microseconds) us to \(last)"
    }
}

/// The end of a long value says more than its beginning: that is where appends go.
private func readable(_ value: [UInt8]?) -> String {
    guard let value else { return "nothing" }
    let text = String(decoding: value, as: UTF8.self)
    return value.count <= 40 ? "'\(text)'" : "'…\(text.suffix(32))' (\(value.count) bytes)"
}
