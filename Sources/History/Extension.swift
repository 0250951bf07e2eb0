/// All ways in which possibilities go on up to the end of one operation, which must have been placed by then.
///
/// Just in time: others are placed before it only where that matters, since whatever can wait is placed at a
/// later end. So the operation itself comes last. Before it come
/// - completed operations that look at the value, and change it;
/// - directly before one that looks, or a row of open ones that it follows: overwrites, and open operations
///   (the rules of `LinearizationSearch`). Completed overwrites need no other place: where another
///   overwrite follows they are not seen, and `Possibility.overwrittenAt` accounts for them.
/// Sources: Lowe, Testing for linearizability, 2017 (just-in-time linearization).
struct Extension {
    private let target: KeyOperation
    private let end: UInt64
    private let pending: [OngoingOperation]
    private let later: Later
    private var seen: Frontier
    private var found: Frontier
    private(set) var steps = 0
    private let stepsMax: Int

    init(
        to target: KeyOperation, at end: UInt64, pending: [OngoingOperation], later: Later, stepsMax: Int
    ) {
        self.target = target
        self.end = end
        self.pending = pending
        seen = Frontier(pending: pending)
        found = seen
        self.later = later
        self.stepsMax = stepsMax
    }

    var results: [Possibility] { found.all }
    var isExhausted: Bool { steps > stepsMax }

    mutating func extend(_ root: Possibility) {
        if root.hasPlaced(target.id) { return reach(root) }
        if target.isOverwrite && root.overwrittenAt > target.begin { reach(root) }
        var stack = [root]
        while let next = stack.popLast(), !isExhausted {
            let possibility = next.placingPureOnes(of: pending)
            guard seen.insert(possibility) else { continue }
            steps += 1
            if possibility.hasPlaced(target.id) {
                reach(possibility)
            } else {
                stack += moves(from: possibility)
            }
        }
    }

    private mutating func reach(_ possibility: Possibility) {
        _ = found.insert(possibility.forgetting(target.id))
    }

    private func moves(from possibility: Possibility) -> [Possibility] {
        let unplaced = pending.filter { !possibility.hasPlaced($0.operation.id) }
        var prospect = Prospect()
        for candidate in unplaced {
            if candidate.operation.isOpen {
                prospect.offer(candidate.operation)
            } else {
                prospect.want(candidate.operation)
            }
        }
        let mayOrder = prospect.allowsAnyOrder(at: possibility.state)
        let destination = destination(unplaced)
        var moves: [Possibility] = []
        for candidate in unplaced where isAvailable(candidate, to: possibility, mayOrder: mayOrder) {
            let next = place(candidate.operation, on: possibility, prospect)
            if candidate.operation.isAppend, let destination {
                moves += next.filter { destination.isWithinReach(of: $0.state) }
            } else {
                moves += next
            }
        }
        return moves
    }

    private func destination(_ unplaced: [OngoingOperation]) -> Destination? {
        guard unplaced.contains(where: { $0.operation.isAppend }) else { return nil }
        let all = unplaced.map(\.operation) + later.operations
        let observers = all.filter { operation in
            operation.end.map { $0 <= later.until } ?? false && Destination.observed(by: operation) != nil
        }
        guard let next = observers.min(by: { $0.end ?? .max < $1.end ?? .max }), let end = next.end,
            let value = Destination.observed(by: next)
        else { return nil }
        return Destination(value, meanwhile: all.filter { $0.begin < end && $0.id != next.id })
    }

    private func place(
        _ operation: KeyOperation, on possibility: Possibility, _ prospect: Prospect
    ) -> [Possibility] {
        let mustBeSeen = operation.isOpen || operation.isOverwrite && operation.id != target.id
        let successors = possibility.state.successors(of: operation)
        return [successors.foundExpired, successors.found].compactMap { $0 }.compactMap { successor in
            if mustBeSeen && !prospect.isHopeful(successor) { return nil }
            if operation.isOpen && successor == possibility.state { return nil }
            var next = possibility.placing(
                operation.id, state: successor, chain: mustBeSeen ? operation.id : nil)
            if operation.isOverwrite { next.overwrittenAt = end }
            return next
        }
    }

    private func isAvailable(
        _ candidate: OngoingOperation, to possibility: Possibility, mayOrder: Bool
    ) -> Bool {
        let operation = candidate.operation
        guard let chain = possibility.chain else { return !isBlocked(candidate, possibility) }
        if operation.isOverwrite { return false }
        if mayOrder, operation.isOpen, operation.id < chain, case .add = operation.call,
            let last = pending.first(where: { $0.operation.id == chain })?.operation, last.isOpen,
            case .add = last.call
        {
            return false
        }
        return !isBlocked(candidate, possibility)
    }

    private func isBlocked(_ candidate: OngoingOperation, _ possibility: Possibility) -> Bool {
        guard let twin = candidate.twin, !possibility.hasPlaced(twin) else { return false }
        return pending.contains { $0.operation.id == twin }
    }
}
