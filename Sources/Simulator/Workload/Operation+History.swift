import Cluster
import History
import Protocol

extension Operation {
    /// As the checker knows it.
    var call: KeyCall {
        switch self {
        case .get: .get
        case .set(let value, let ttl): .set(value, ttl: ttl.map { .milliseconds(Int64($0)) })
        case .delete: .delete
        case .add(let number): .add(number)
        case .append(let piece): .append(piece)
        case .compareAndSet(let expect, let value): .compareAndSet(expect: expect.value, value: value)
        }
    }

    var words: String { "\(call)" }
}

extension Expectation {
    /// The workload expects values, never versions.
    fileprivate var value: [UInt8]? {
        if case .value(let value) = self { value } else { nil }
    }
}

extension Outcome {
    /// A compare-and-set that did nothing, because of a value that is not told: it says nothing of the order.
    static var unknownConflict: KeyResult { .value([0xFF, 0xFF]) }

    /// What the client was told; nil: that is no answer to such a question.
    func result(of operation: Operation) -> KeyResult? {
        switch (operation, self) {
        case (.get, .found(let entry)): .value(entry.value)
        case (.get, .notFound): .value(nil)
        case (.set, .written), (.delete, .written), (.compareAndSet, .written): .done
        case (.add, .written(_, _, let number?)): .number(number)
        case (.add, .refused): .rejected
        case (.append, .written(_, _, let length?)): .length(Int(length))
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
        case .written(let version, _, let number): "written \(version)\(number.map { ", \($0)" } ?? "")"
        case .conflict(let present): "conflict with \(present)"
        case .refused(let fault): "refused: \(fault)"
        case .busy(let reason): "busy: \(reason)"
        case .unavailable(let reason): "unavailable: \(reason)"
        }
    }
}
