import Cluster

/// Finds the fewest faults and operations of a failing plan with which the same law is still broken.
package struct PlanShrinker {
    private struct ClientStep {
        let client: Int
        let operation: ClientOperation
    }

    package struct Result {
        package let plan: Plan
        package let failure: Failure
        package let trials: Int
        /// No single fault can be left out, nor any operation.
        package let isMinimal: Bool
    }

    private let trialsMax: Int
    private let onProgress: (String) -> Void

    /// - Parameter trialsMax: runs for the faults, and as many for the operations.
    package init(trialsMax: Int = 400, onProgress: @escaping (String) -> Void = { _ in }) {
        self.trialsMax = trialsMax
        self.onProgress = onProgress
    }

    /// - Returns: nil where the plan does not fail at all.
    package func shrink(_ plan: Plan) -> Result? {
        guard let failure = World(plan).run() else { return nil }
        var plan = plan
        var trials = 0
        var isMinimal = false
        // With fewer operations fewer faults may do, and the other way round.
        for _ in 0..<4 {
            let size = plan.steps.count + plan.clients.reduce(0) { $0 + $1.count }
            let steps = shrinkSteps(&plan, failure.law)
            let operations = shrinkOperations(&plan, failure.law)
            trials += steps.trials + operations.trials
            isMinimal = steps.isMinimal && operations.isMinimal
                && size == plan.steps.count + plan.clients.reduce(0) { $0 + $1.count }
            if isMinimal { break }
        }
        guard let last = World(plan).run() else { return nil }
        return Result(plan: plan, failure: last, trials: trials, isMinimal: isMinimal)
    }

    private func breaks(_ plan: Plan, _ law: Failure.Law) -> Bool { World(plan).run()?.law == law }

    private func shrinkSteps(_ plan: inout Plan, _ law: Failure.Law) -> (trials: Int, isMinimal: Bool) {
        let whole = plan
        var shrinker = Shrinker<Step>(
            trialsMax: trialsMax, onProgress: { onProgress("\($0) faults left after \($1) runs") },
            fails: { steps in
                var part = whole
                part.steps = steps
                return breaks(part, law)
            })
        let result = shrinker.shrink(plan.steps)
        plan.steps = result.elements
        return (result.trials, result.isMinimal)
    }

    private func shrinkOperations(_ plan: inout Plan, _ law: Failure.Law) -> (trials: Int, isMinimal: Bool) {
        let whole = plan
        let all = plan.clients.enumerated().flatMap { client, operations in
            operations.map { ClientStep(client: client, operation: $0) }
        }
        var shrinker = Shrinker<ClientStep>(
            trialsMax: trialsMax, onProgress: { onProgress("\($0) operations left after \($1) runs") },
            fails: { steps in
                var part = whole
                part.clients = Self.clients(of: steps, count: whole.clients.count)
                return breaks(part, law)
            })
        let result = shrinker.shrink(all)
        plan.clients = Self.clients(of: result.elements, count: whole.clients.count)
        return (result.trials, result.isMinimal)
    }

    private static func clients(of steps: [ClientStep], count: Int) -> [[ClientOperation]] {
        var clients = [[ClientOperation]](repeating: [], count: count)
        for step in steps { clients[step.client].append(step.operation) }
        return clients
    }
}
