/// One way in which what is known so far may have happened, for the incremental checker.
struct Possibility: Hashable, Sendable {
    var state: KeyState
    /// Of the pending operations those that have been placed, ascending.
    var placed: [Int]
    /// When an overwrite was placed last. Whatever overwrite had begun by then can have happened just before
    /// it, unseen.
    var overwrittenAt: UInt64
    /// The operation placed last, where that must be followed by one that looks at the value.
    var chain: Int?

    static let beginning = Possibility(state: .absent, placed: [], overwrittenAt: 0, chain: nil)

    func hasPlaced(_ id: Int) -> Bool { placed.contains(id) }

    func placing(_ id: Int, state: KeyState, chain: Int?) -> Possibility {
        var next = self
        let index = placed.firstIndex { $0 > id } ?? placed.count
        next.placed.insert(id, at: index)
        next.state = state
        next.chain = chain
        return next
    }

    func forgetting(_ id: Int) -> Possibility {
        var next = self
        next.placed.removeAll { $0 == id }
        return next
    }

    /// - Parameter pending: in the order of their beginning.
    func placingPureOnes(of pending: [OngoingOperation]) -> Possibility {
        var next = self
        for candidate in pending {
            let operation = candidate.operation
            guard operation.isPure, !hasPlaced(operation.id), state.fits(operation) else { continue }
            next = next.placing(operation.id, state: state, chain: nil)
        }
        return next
    }
}
