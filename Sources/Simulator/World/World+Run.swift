import Cluster

/// A run from its beginning to its verdict.
extension World {
    private static let startupMax = Duration.seconds(60)

    /// - Returns: what the run broke; nil: nothing.
    @discardableResult
    package func run() -> Failure? {
        begin()
        guard failure == nil else { return failure }
        watchWhatIsStuck()
        workload.start()
        // What would come later than the mending is left out.
        for step in plan.steps where step.at <= plan.span {
            schedule(after: step.at) { [unowned self] in perform(step.fault) }
        }
        run(for: plan.span)
        heal()
        // Under load first: what is left over shall not need silence to be mended.
        run(for: .seconds(5))
        workload.stop()
        settle()
        if failure == nil { workload.checkHistories() }
        return failure
    }

    /// The first node makes the ring, the other members join it.
    private func begin() {
        guard let first = nodes.first else { return }
        first.start(founding: slots)
        run(for: .milliseconds(100))
        for node in nodes.prefix(plan.members) where node !== first { node.start() }
        let isSettled = run(upTo: World.startupMax) { checks.unsettled(in: self) == nil }
        if !isSettled, failure == nil {
            fail(.startup, checks.unsettled(in: self) ?? "")
        }
    }

    /// Everything that is broken is mended: what is down starts, what is cut is joined.
    private func heal() {
        guard failure == nil else { return }
        note("everything is mended", node: 0)
        healNetwork()
        for node in nodes {
            node.resume()
            node.effectsLeft = nil
            if node.hasJoined { node.start() }
        }
        // Where all have moved at once, those who have found each other need not be the whole ring.
        for node in nodes {
            node.giveSeeds()
        }
    }

    private func settle() {
        let isSettled = run(upTo: plan.settlingMax) {
            // Who was still about to leave or to stop when everything was mended comes back now.
            for node in nodes where node.hasJoined && !node.isUp { node.start() }
            for node in nodes { node.refreshSeeds() }
            return workload.isIdle && checks.unsettled(in: self) == nil
        }
        guard !isSettled else { return checkItStays() }
        guard failure == nil else { return }
        let reasons = checks.reasons(in: self)
        let what = checks.unsettled(in: self) ?? "a client still waits"
        if reasons.isEmpty {
            fail(.stuck, what)
        } else {
            fail(.settling, "\(what); \(reasons.prefix(6).joined(separator: "; "))")
        }
    }

    /// What has come to rest does not stir by itself.
    private func checkItStays() {
        let configurations = counters.configurations
        run(for: .seconds(3))
        guard failure == nil else { return }
        if let what = checks.unsettled(in: self) { fail(.settling, "it did not last: \(what)") }
        if counters.configurations != configurations { fail(.settling, "slots go on changing hands") }
    }
}
