import Protocol

/// What clients did to one key and what they saw, for the checker.
struct HistoryOperation {
    enum Kind: Equatable {
        /// nil: a delete.
        case write([UInt8]?)
        case read([UInt8]?)
    }

    let kind: Kind
    // In the order of a clock that ticks with every beginning and every end.
    let begin: Int
    /// nil: its outcome is unknown; it may have taken effect at any time since, or never.
    let end: Int?
}

extension HistoryOperation.Kind {
    var isWrite: Bool {
        if case .write = self { true } else { false }
    }
}

extension HistoryOperation: CustomStringConvertible {
    var description: String {
        let time = "[\(begin), \(end.map(String.init) ?? "…")]"
        switch kind {
        case .write(let value): return "\(time) write \(text(value))"
        case .read(let value): return "\(time) read \(text(value))"
        }
    }

    private func text(_ value: [UInt8]?) -> String {
        value.map { String(decoding: $0, as: UTF8.self) } ?? "nothing"
    }
}

/// Wing and Gong's search for a linearization of a register, with Lowe's memoisation.
/// Source: Lowe, Testing for linearizability, 2017.
struct RegisterChecker {
    private struct Point: Hashable {
        let done: [UInt64]
        let value: [UInt8]?
    }

    static func isLinearizable(_ operations: [HistoryOperation]) -> Bool {
        let sorted = operations.sorted { $0.begin < $1.begin }
        var seen: Set<Point> = []
        var stack: [Point] = [
            Point(done: Array(repeating: 0, count: (sorted.count + 63) / 64), value: nil)
        ]
        while let point = stack.popLast() {
            guard seen.insert(point).inserted else { continue }
            guard let next = successors(of: point, sorted) else { return true }
            stack.append(contentsOf: next)
        }
        return false
    }

    /// nil: everything that must have happened has.
    private static func successors(of point: Point, _ operations: [HistoryOperation]) -> [Point]? {
        var firstEnd = Int.max
        var isFinished = true
        for (index, operation) in operations.enumerated() where !isDone(index, point) {
            guard let end = operation.end else { continue }
            isFinished = false
            firstEnd = min(firstEnd, end)
        }
        if isFinished { return nil }
        var next: [Point] = []
        for (index, operation) in operations.enumerated() where !isDone(index, point) {
            if operation.begin > firstEnd { break }
            var done = point.done
            done[index / 64] |= 1 << UInt64(index % 64)
            switch operation.kind {
            case .write(let value): next.append(Point(done: done, value: value))
            case .read(let value) where value == point.value:
                next.append(Point(done: done, value: value))
            case .read: break
            }
        }
        return next
    }

    private static func isDone(_ index: Int, _ point: Point) -> Bool {
        point.done[index / 64] & (1 << UInt64(index % 64)) != 0
    }
}
