/// Finds a small part of a list that still fails: one from which no single element can be left out.
/// Source: Zeller and Hildebrandt, Simplifying and isolating failure-inducing input, 2002 (ddmin).
package struct Shrinker<Element> {
    package struct Result {
        package let elements: [Element]
        package let trials: Int
        /// No single element can be left out; false where the trials came to their limit.
        package let isMinimal: Bool
    }

    private let trialsMax: Int
    private let fails: ([Element]) -> Bool
    private let onProgress: (_ elements: Int, _ trials: Int) -> Void
    private var trials = 0

    /// - Parameters:
    ///   - trialsMax: how often `fails` is asked at most.
    ///   - onProgress: called when a smaller part that fails was found.
    ///   - fails: whether a part, in the order of the whole, fails; each time the same answer.
    package init(
        trialsMax: Int, onProgress: @escaping (_ elements: Int, _ trials: Int) -> Void = { _, _ in },
        fails: @escaping ([Element]) -> Bool
    ) {
        self.trialsMax = trialsMax
        self.onProgress = onProgress
        self.fails = fails
    }

    /// - Parameter elements: fails; that is not tried again.
    package mutating func shrink(_ elements: [Element]) -> Result {
        trials = 0
        var current = elements
        var parts = 2
        while current.count > 1 {
            let ranges = Self.split(current.count, parts)
            if let smaller = firstFailing(of: ranges.map { Array(current[$0]) }) {
                current = smaller
                parts = 2
            } else if parts > 2,
                let smaller = firstFailing(of: ranges.map { Self.leaveOut($0, of: current) })
            {
                current = smaller
                parts = max(parts - 1, 2)
            } else if parts < current.count {
                parts = min(parts * 2, current.count)
            } else {
                break
            }
            if trials >= trialsMax { return Result(elements: current, trials: trials, isMinimal: false) }
        }
        return leaveOutLast(current)
    }

    /// Of one element the list without any remains to be tried.
    private mutating func leaveOutLast(_ current: [Element]) -> Result {
        guard current.count == 1 else { return Result(elements: current, trials: trials, isMinimal: true) }
        if trials >= trialsMax { return Result(elements: current, trials: trials, isMinimal: false) }
        let rest = firstFailing(of: [[]])
        return Result(elements: rest ?? current, trials: trials, isMinimal: true)
    }

    private mutating func firstFailing(of candidates: [[Element]]) -> [Element]? {
        for candidate in candidates {
            if trials >= trialsMax { return nil }
            trials += 1
            guard fails(candidate) else { continue }
            onProgress(candidate.count, trials)
            return candidate
        }
        return nil
    }

    private static func leaveOut(_ range: Range<Int>, of elements: [Element]) -> [Element] {
        Array(elements[..<range.lowerBound] + elements[range.upperBound...])
    }

    private static func split(_ count: Int, _ parts: Int) -> [Range<Int>] {
        (0..<parts).map { (count * $0 / parts)..<(count * ($0 + 1) / parts) }
    }
}
