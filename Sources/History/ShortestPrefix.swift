/// The shortest beginning of an illegal history that is illegal. A beginning of a linearizable history is
/// linearizable, so that halving finds it.
struct ShortestPrefix {
    let operations: [KeyOperation]
    /// The operation whose end makes it illegal.
    let culprit: Int?

    /// A part that is not decided within `stepsMax` counts as legal: then the result is longer than need be.
    static func find(in operations: [KeyOperation], stepsMax: Int) -> ShortestPrefix {
        let ends = operations.compactMap(\.end).sorted()
        var legal = -1
        var illegal = ends.count - 1
        while illegal - legal > 1 {
            let middle = (legal + illegal) / 2
            var search = LinearizationSearch(cut(operations, at: ends[middle]))
            if search.run(stepsMax: stepsMax) == .illegal { illegal = middle } else { legal = middle }
        }
        guard illegal >= 0 else { return ShortestPrefix(operations: operations, culprit: nil) }
        let prefix = cut(operations, at: ends[illegal])
        return ShortestPrefix(
            operations: prefix, culprit: prefix.first { $0.end == ends[illegal] }?.id)
    }

    private static func cut(_ operations: [KeyOperation], at tick: UInt64) -> [KeyOperation] {
        operations.filter { $0.begin < tick }.map { operation in
            operation.end.map { $0 > tick } ?? false ? operation.reopened() : operation
        }
    }
}
