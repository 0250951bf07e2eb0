/// Whether a history of one key is linearizable: is there an order of its operations, with each between its
/// beginning and its end, in which a key that is used by one client at a time gives the same answers?
///
/// Wing and Gong's search places one operation after the other and takes back what led nowhere; Lowe's
/// memoisation does not look twice at the same set of placed operations with the same state.
/// Sources: Wing and Gong, Testing and verifying concurrent objects, 1993; Lowe, Testing for linearizability,
/// 2017; Horn and Kroening, Faster linearizability checking via P-compositionality, 2015: the caller
/// brings one key.
///
/// What keeps open operations, which may have taken effect at any time or never, from multiplying the work
/// (each rule only leaves out orders that have an equivalent among those that remain):
/// - **Pure ones at once.** `KeyOperation.isPure`.
/// - **Not in vain.** An open operation that would change nothing is not taken: it may as well have never
///   happened, and stays available.
/// - **Only where seen.** After an open operation an overwrite would hide its effect, so without it the
///   order holds as well; the same at the end of the order. So it is taken only directly before an operation
///   that looks at the value, or before other open ones that such an operation follows.
/// - **Only with a prospect.** `Prospect`: such an operation must be able to find what it saw. An open set of
///   a value that nobody saw is never taken.
/// - **Twins in order.** `KeyOperation.isTwin`.
/// - **Only towards what is seen next.** `Destination`, for open and completed appends.
/// - **Sums in one order.** Of open adds in a row, only the order of their beginning is tried.
package struct LinearizationSearch {
    private let completed: [KeyOperation]
    private let open: [KeyOperation]
    private let twins: [Int?]

    private var list: BeginList
    private var isPlaced: BitSet
    private var isTaken: BitSet
    private var remaining: Int
    private var state = KeyState.absent
    /// The last operation placed, where that was an open one.
    private var chain: Int?
    private var trail: [Step] = []
    private var seen: Set<Point> = []
    package private(set) var steps = 0

    private struct Point: Hashable {
        let placed: [UInt64]
        let taken: [UInt64]
        let state: KeyState
        let chain: Int?
    }

    private struct Move {
        let isOpen: Bool
        let index: Int
        let successor: KeyState
    }

    /// A move made, with what to go back to and what else could have been done.
    private struct Step {
        let move: Move
        let state: KeyState
        let chain: Int?
        var alternatives: [Move]
    }

    /// - Parameter operations: of one key, without those that were refused.
    package init(_ operations: [KeyOperation]) {
        let sorted = operations.sorted { $0.begin < $1.begin }
        completed = sorted.filter { !$0.isOpen }
        open = sorted.filter { $0.isOpen && !$0.isPure }
        twins = Self.twins(of: open)
        list = BeginList(spans: completed.map { ($0.begin, $0.end ?? .max) })
        isPlaced = BitSet(count: completed.count)
        isTaken = BitSet(count: open.count)
        remaining = completed.count
    }

    private static func twins(of open: [KeyOperation]) -> [Int?] {
        open.indices.map { index in open[..<index].lastIndex { $0.isTwin(of: open[index]) } }
    }

    package mutating func run(stepsMax: Int) -> Finding {
        var moves = nextMoves()
        while remaining > 0 {
            guard let move = moves.popLast() else {
                guard let alternatives = takeBack() else { return .illegal }
                moves = alternatives
                continue
            }
            steps += 1
            if steps > stepsMax { return .undecided }
            place(move, alternatives: moves)
            moves = isNew() ? nextMoves() : []
        }
        return .linearizable
    }

    private mutating func isNew() -> Bool {
        let point = Point(
            placed: isPlaced.compressed, taken: isTaken.words, state: state, chain: chain)
        return seen.insert(point).inserted
    }

    private mutating func place(_ move: Move, alternatives: [Move]) {
        trail.append(Step(move: move, state: state, chain: chain, alternatives: alternatives))
        state = move.successor
        chain = move.isOpen ? move.index : nil
        if move.isOpen {
            isTaken[move.index] = true
        } else {
            isPlaced[move.index] = true
            list.lift(move.index)
            remaining -= 1
        }
    }

    private mutating func takeBack() -> [Move]? {
        guard let step = trail.popLast() else { return nil }
        state = step.state
        chain = step.chain
        if step.move.isOpen {
            isTaken[step.move.index] = false
        } else {
            isPlaced[step.move.index] = false
            list.putBack(step.move.index)
            remaining += 1
        }
        return step.alternatives
    }
}

extension LinearizationSearch {
    /// The moves to try, the best one last.
    private func nextMoves() -> [Move] {
        var moves: [Move] = []
        var prospect = Prospect()
        var candidate = list.first
        while let index = candidate {
            let operation = completed[index]
            candidate = list.following(index)
            if chain != nil && operation.isOverwrite { continue }
            prospect.want(operation)
            let next = state.successors(of: operation)
            for successor in [next.foundExpired, next.found].compactMap({ $0 }) {
                let move = Move(isOpen: false, index: index, successor: successor)
                if operation.isPure { return [move] }
                moves.append(move)
            }
        }
        moves.reverse()
        return towardsDestination(openMoves(&prospect) + moves)
    }

    private func openMoves(_ prospect: inout Prospect) -> [Move] {
        guard let first = list.firstToEnd, let limit = completed[first].end else { return [] }
        let begun = open.indices.prefix { open[$0].begin < limit }.filter { !isTaken[$0] }
        for index in begun { prospect.offer(open[index]) }
        let mayOrder = prospect.allowsAnyOrder(at: state)
        var moves: [Move] = []
        for index in begun where isAvailable(index) && !(mayOrder && isOutOfOrder(index)) {
            let next = state.successors(of: open[index])
            for successor in [next.foundExpired, next.found].compactMap({ $0 })
            where successor != state && prospect.isHopeful(successor) {
                moves.append(Move(isOpen: true, index: index, successor: successor))
            }
        }
        return moves
    }

    private func isAvailable(_ index: Int) -> Bool {
        if chain != nil && open[index].isOverwrite { return false }
        return twins[index].map { isTaken[$0] } ?? true
    }

    private func isOutOfOrder(_ index: Int) -> Bool {
        guard let chain, index < chain, case .add = open[chain].call, case .add = open[index].call
        else { return false }
        return true
    }

    private func towardsDestination(_ moves: [Move]) -> [Move] {
        guard moves.contains(where: isAppend), let destination = nextDestination() else { return moves }
        return moves.filter { !isAppend($0) || destination.isWithinReach(of: $0.successor) }
    }

    private func isAppend(_ move: Move) -> Bool {
        (move.isOpen ? open[move.index] : completed[move.index]).isAppend
    }

    private func nextDestination() -> Destination? {
        let next = list.first { Destination.observed(by: completed[$0]) != nil }
        guard let next, let value = Destination.observed(by: completed[next.goal]),
            let end = completed[next.goal].end
        else { return nil }
        let untaken = open.indices.prefix { open[$0].begin < end }.filter { !isTaken[$0] }
        let others = next.before.filter { $0 != next.goal }
        return Destination(value, meanwhile: others.map { completed[$0] } + untaken.map { open[$0] })
    }
}
