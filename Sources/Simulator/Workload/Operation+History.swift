import Cluster
import History
import Protocol

extension Operation {
    /// As the checker knows it.
    var call: KeyCall {
        switch self {
        case .get: .get
        case .write(let write): write.call
        // The history is that of the first key.
        case .batch(let items): items[0].write.call
        case .transaction(let transaction): transaction.call
        case .query: .get
        }
    }

    var words: String { "\(call)" }
}

extension Transaction {
    /// That of the last write of its first batch, on the condition of its first expectation.
    fileprivate var call: KeyCall {
        guard let condition = expectations.first?.write.condition, let last = batches.first?.last?.write,
            case .set(let content) = last.action
        else { preconditionFailure("the workload makes no \(self)") }
        return Write(.set(content), if: condition, for: .forever).call
    }
}

extension Write {
    /// Of those that the workload makes.
    fileprivate var call: KeyCall {
        switch (action, condition) {
        case (.set(let content), .any): .set(content.bytes, ttl: ttl)
        case (.set(let content), .absent): .compareAndSet(expect: nil, value: content.bytes)
        case (.set(let content), .value(let expected)): .compareAndSet(expect: expected, value: content.bytes)
        case (.delete, .any): .delete
        case (.add(let number), .any): .add(number)
        case (.append(let piece), .any): .append(piece)
        default: preconditionFailure("the workload makes no \(self)")
        }
    }

    private var ttl: Duration? {
        if case .milliseconds(let milliseconds) = lifetime { .milliseconds(Int64(milliseconds)) } else { nil }
    }
}

extension Outcome {
    /// A compare-and-set that did nothing, because of a value that is not told: it says nothing of the order.
    static var unknownConflict: KeyResult { .value([0xFF, 0xFF]) }

    /// What the client was told; nil: that is no answer to such a question.
    func result(of operation: Operation) -> KeyResult? {
        switch (operation.call, self) {
        case (.get, .found(let entry)): .value(entry.value)
        case (.get, .notFound): .value(nil)
        case (.get, .answer(.entries(let entries))) where entries.count == 2: .value(entries[0]?.value)
        case (.set, .batch), (.set, .written), (.delete, .written), (.compareAndSet, .written): .done
        case (.compareAndSet, .batch): .done
        case (.compareAndSet, .aborted(at: 0, .conflict(let present))): Outcome.conflict(present).result(of: operation)
        case (.add, .written(_, _, .number(let number))): .number(number)
        case (.add, .refused): .rejected
        case (.append, .written(_, _, .number(let length))): .length(Int(length))
        case (.compareAndSet, .conflict(.nothing)): .conflict(nil)
        case (.compareAndSet, .conflict(.entry(let entry))): .conflict(entry.value)
        case (.compareAndSet, .conflict(.replaced)): Outcome.unknownConflict
        default: nil
        }
    }

    var words: String {
        switch self {
        case .found(let entry): "\(String(decoding: entry.value.suffix(40), as: UTF8.self)) (\(entry.version))"
        case .notFound: "nothing"
        case .answer(let answer): "\(answer)"
        case .written(let version, _, .number(let number)): "written \(version), \(number)"
        case .written(let version, _, _): "written \(version)"
        case .batch(let version, _, let answers): "batch of \(answers.count) written \(version)"
        case .aborted(let index, _): "batch aborted at \(index)"
        case .conflict(let present): "conflict with \(present)"
        case .refused(let fault): "refused: \(fault)"
        case .busy(let reason): "busy: \(reason)"
        case .unavailable(let reason): "unavailable: \(reason)"
        }
    }
}
