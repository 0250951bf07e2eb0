import Cluster
import History

/// Tries every order of every choice of operations, with a register of its own: slow, and so simple that it
/// is right. For small histories.
struct BruteForce {
    private struct Held {
        var text: String?
        var window: ExpiryWindow?
    }

    private let operations: [KeyOperation]

    static func isLinearizable(_ operations: [KeyOperation]) -> Bool {
        BruteForce(operations: operations).canFinish(Set(operations.indices), Held())
    }

    private func canFinish(_ left: Set<Int>, _ held: Held) -> Bool {
        let ends = left.compactMap { operations[$0].end }
        guard let firstEnd = ends.min() else { return true }
        for index in left where operations[index].begin < firstEnd {
            for next in steps(operations[index], held) where canFinish(left.subtracting([index]), next) {
                return true
            }
        }
        return false
    }

    private func steps(_ operation: KeyOperation, _ held: Held) -> [Held] {
        guard let text = held.text, let window = held.window else {
            return step(operation, held, sees: held.text).map { [$0] } ?? []
        }
        var next: [Held] = []
        if window.latest == nil || operation.beginTime <= window.latest! {
            next += step(operation, held, sees: text).map { [$0] } ?? []
        }
        if operation.endTime == nil || operation.endTime! >= window.earliest {
            next += step(operation, held, sees: nil).map { [$0] } ?? []
        }
        return next
    }

    /// nil: it cannot have been answered so.
    private func step(_ operation: KeyOperation, _ held: Held, sees: String?) -> Held? {
        let kept = sees == nil ? nil : held.window
        let (next, answer, isRejected) = apply(operation, held, sees: sees, kept: kept)
        switch operation.result {
        case nil: return next
        case .done: return isRejected ? nil : next
        case .doneExpiring: return next
        case let told?: return told == answer ? next : nil
        }
    }

    private func apply(
        _ operation: KeyOperation, _ held: Held, sees: String?, kept: ExpiryWindow?
    ) -> (Held, KeyResult, isRejected: Bool) {
        switch operation.call {
        case .get: return (held, .value(sees.map { Array($0.utf8) }), false)
        case .set(let value, _): return (Held(text: string(value), window: operation.window), .done, false)
        case .delete: return (Held(), .done, false)
        case .append(let bytes):
            let whole = (sees ?? "") + string(bytes)
            return (Held(text: whole, window: kept), .length(whole.utf8.count), false)
        case .compareAndSet(let expected, let value):
            if sees == expected.map(string) { return (Held(text: string(value)), .done, false) }
            return (held, .conflict(sees.map { Array($0.utf8) }), true)
        case .add(let delta):
            guard let number = Int64(sees ?? "0"), String(number) == sees ?? "0" else {
                return (held, .rejected, true)
            }
            let (sum, overflow) = number.addingReportingOverflow(delta)
            return overflow
                ? (held, .rejected, true) : (Held(text: "\(sum)", window: kept), .number(sum), false)
        }
    }

    private func string(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
