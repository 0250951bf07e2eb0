/// What the operations that may come next would like to find. An open operation is worth taking only if one
/// of them then finds it, at once or after more open adds and appends.
///
/// It errs on the side of hope: what it calls hopeless leads nowhere; what it does not may lead nowhere too.
struct Prospect {
    private var wantsAnything = false
    private var values: [[UInt8]?] = []
    private var numbers: [Int64] = []
    private var lengths: [Int] = []
    private var hasAppends = false
    // The most that the open adds can move a number up and down.
    private var up: UInt64 = 0
    private var down: UInt64 = 0

    /// An operation that may be next.
    mutating func want(_ operation: KeyOperation) {
        switch (operation.call, operation.result) {
        case (.get, .value(let value)): wantValue(value)
        case (.compareAndSet, .conflict(let present)): wantValue(present)
        case (.compareAndSet(let expected, _), _): wantValue(expected)
        case (.add(let delta), .number(let sum)):
            let (number, overflow) = sum.subtractingReportingOverflow(delta)
            if !overflow { wantValue(Counter.text(of: number)) }
        case (.append(let bytes), .length(let length)): lengths.append(length - bytes.count)
        case (.add, _), (.append, _): wantsAnything = true
        case (.get, _), (.set, _), (.delete, _): break
        }
    }

    /// An open operation that can be taken.
    mutating func offer(_ operation: KeyOperation) {
        switch operation.call {
        case .add(let delta) where delta > 0: up = saturating(up, delta.magnitude)
        case .add(let delta): down = saturating(down, delta.magnitude)
        case .append: hasAppends = true
        case .compareAndSet: want(operation)
        case .get, .set, .delete: break
        }
    }

    func isHopeful(_ state: KeyState) -> Bool {
        if wantsAnything || state.window != nil { return true }
        if hasAppends && (up > 0 || down > 0) { return true }
        if values.contains(where: { isWithinReach($0, of: state.value) }) { return true }
        let length = state.value?.count ?? 0
        if lengths.contains(where: { $0 == length || hasAppends && $0 > length }) { return true }
        guard let number = Counter.number(in: state.value) else { return false }
        return numbers.contains { isWithinReach($0, of: number) }
    }

    /// Sums may be taken in any order, and so in one: no order of them overflows.
    func allowsAnyOrder(at state: KeyState) -> Bool {
        let number = Counter.number(in: state.value)?.magnitude ?? 0
        return saturating(saturating(up, down), number) < 1 << 62 && state.window == nil
    }

    private mutating func wantValue(_ value: [UInt8]?) {
        values.append(value)
        if let number = Counter.number(in: value) { numbers.append(number) }
    }

    private func isWithinReach(_ wanted: [UInt8]?, of value: [UInt8]?) -> Bool {
        if wanted == value { return true }
        guard hasAppends, let wanted else { return false }
        return wanted.starts(with: value ?? [])
    }

    private func isWithinReach(_ wanted: Int64, of number: Int64) -> Bool {
        let (difference, overflow) = wanted.subtractingReportingOverflow(number)
        if overflow { return true }
        return difference >= 0 ? difference.magnitude <= up : difference.magnitude <= down
    }

    private func saturating(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }
}
