/// How one run ended.
package struct RunResult: Sendable {
    package let seed: UInt64
    package let failure: Failure?
    /// The same for equal runs.
    package let traceHash: UInt64
    /// Virtual time.
    package let elapsed: Duration
    package let counters: WorldCounters

    package init(of world: World) {
        seed = world.plan.seed
        failure = world.failure
        traceHash = world.traceHash
        elapsed = world.elapsed
        counters = world.counters
    }
}
