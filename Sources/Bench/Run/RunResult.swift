/// What a run came to.
package struct RunResult: Sendable {
    package struct OfVerb: Sendable {
        package let verb: Verb
        /// In nanoseconds, from the intended start to the reply.
        package let latencies: Histogram
    }

    /// Without those that failed; those that were given up are in with the time that they were waited for.
    package let verbs: [OfVerb]
    /// Operations that were given up.
    package let unanswered: Int
    package let errors: ErrorTally
    /// Reads that found no such key.
    package let misses: Int
    /// Conditional writes that lost.
    package let conflicts: Int
    /// From the first request to the last reply.
    package let nanoseconds: UInt64
    /// Processor time of the generator, in nanoseconds.
    package let generatorTime: UInt64
    /// Of the server, where its processes are known.
    package let serverTime: UInt64?

    /// Operations that were done, those that found nothing included.
    package var count: Int { verbs.reduce(0) { $0 + Int($1.latencies.count) } - unanswered }

    /// Operations a second.
    package var rate: Double { nanoseconds == 0 ? 0 : Double(count) * 1e9 / Double(nanoseconds) }

    package var latencies: Histogram {
        verbs.reduce(into: Histogram()) { $0.merge($1.latencies) }
    }

    /// Processor time of the server for an operation, in nanoseconds.
    package var serverTimeEach: Double? {
        guard let serverTime, count > 0 else { return nil }
        return Double(serverTime) / Double(count)
    }

    /// How many operations a second the generator could have made with a whole core: far more than it did, or it is the
    /// generator that was measured.
    package var generatorCapacity: Double {
        generatorTime == 0 ? 0 : Double(count) * 1e9 / Double(generatorTime)
    }

    /// The part of a core that the generator took.
    package var generatorShare: Double { nanoseconds == 0 ? 0 : Double(generatorTime) / Double(nanoseconds) }
}
