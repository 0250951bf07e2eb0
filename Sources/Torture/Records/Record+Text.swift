import History

extension Record {
    /// The first line of a file.
    static let head = "torc-torture history 1"

    var text: String {
        switch self {
        case .begin(let operation, let time, let client, let node, let key, let call):
            "b \(operation) \(time) \(client) \(node) \(key) \(Record.text(call))"
        case .end(let operation, let time, let result): "e \(operation) \(time) \(Record.text(result))"
        case .refused(let operation, let time, let reason): "r \(operation) \(time) \(reason)"
        case .unknown(let operation, let time, let reason): "u \(operation) \(time) \(reason)"
        case .fault(let time, let text): "f \(time) \(text)"
        case .final(let time): "z \(time)"
        }
    }

    private static func text(_ call: KeyCall) -> String {
        switch call {
        case .get: "get"
        case .set(let value, _): "set \(RecordText.word(value))"
        case .delete: "delete"
        case .add(let number): "add \(number)"
        case .append(let bytes): "append \(RecordText.word(bytes))"
        case .compareAndSet(let expected, let value):
            "cas \(RecordText.word(expected)) \(RecordText.word(value))"
        }
    }

    private static func text(_ result: KeyResult) -> String {
        switch result {
        case .value(let value): "value \(RecordText.word(value))"
        case .done, .doneExpiring: "done"
        case .number(let number): "number \(number)"
        case .rejected: "rejected"
        case .length(let length): "length \(length)"
        case .conflict(let present): "conflict \(RecordText.word(present))"
        }
    }
}
