import Dispatch
import Synchronization

/// Many runs, each of another seed, on several threads. Runs share nothing.
package final class Sweep: Sendable {
    private struct State {
        var next: UInt64
        var isOver = false
    }

    private let template: PlanRequest
    private let end: UInt64
    private let state: Mutex<State>
    private let onResult: @Sendable (RunResult) -> Bool

    /// - Parameters:
    ///   - template: what all runs have in common.
    ///   - onResult: is called after each run, one call at a time, in no order; false ends the sweep.
    package init(
        _ template: PlanRequest, seeds: Range<UInt64>, onResult: @escaping @Sendable (RunResult) -> Bool
    ) {
        self.template = template
        end = seeds.upperBound
        state = Mutex(State(next: seeds.lowerBound))
        self.onResult = onResult
    }

    /// Returns when all runs are done.
    package func run(jobs: Int) {
        DispatchQueue.concurrentPerform(iterations: max(1, jobs)) { _ in
            while let seed = nextSeed() {
                var request = template
                request.seed = seed
                let world = World(Plan.made(by: request))
                world.run()
                report(RunResult(of: world))
            }
        }
    }

    private func nextSeed() -> UInt64? {
        state.withLock { state in
            guard !state.isOver, state.next < end else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    private func report(_ result: RunResult) {
        state.withLock { state in
            if !onResult(result) { state.isOver = true }
        }
    }
}
