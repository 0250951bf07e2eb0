import Cluster

/// `torc-sim membership`: gossip alone, at scale, by a plan that the output states, measured against the
/// goals of docs/membership.md.
package struct MembershipRun {
    /// What is printed goes here, without the ends of the lines.
    package typealias Output = (String) -> Void

    private let time: Duration
    private let print: Output
    private let goals: MembershipGoals
    private let ring: GossipRing
    private var trials: MembershipTrials
    private var verdicts: [Bool] = []

    /// Runs a ring of `nodes` for `time`, each part of the plan with its share of it.
    /// - Returns: whether every goal was met.
    package static func run(
        nodes: Int, time: Duration, seed: UInt64 = 1, loss: Double = 0.01, print: @escaping Output
    ) -> Bool {
        var world = GossipWorld()
        world.loss = loss
        var run = MembershipRun(nodes: max(nodes, 3), time: time, seed: seed, world: world, print: print)
        return run.carryOut()
    }

    private init(
        nodes: Int, time: Duration, seed: UInt64, world: GossipWorld, print: @escaping Output
    ) {
        self.time = time
        self.print = print
        goals = MembershipGoals(nodes: nodes)
        ring = GossipRing(nodes: nodes, seed: seed, world: world)
        trials = MembershipTrials(nodes: nodes, seed: seed, world: world)
    }

    private mutating func carryOut() -> Bool {
        let world = ring.world
        print(
            "\(ring.nodes.count) nodes, \(Figures.seconds(time)), loss \(Figures.percent(world.loss)), latency "
                + "\(Figures.milliseconds(world.latency.lowerBound)) to "
                + "\(Figures.milliseconds(world.latency.upperBound)), seed \(trials.seed)")
        ring.introduceAll()
        ring.run(.seconds(10))
        beQuiet(for: time * 2 / 10)
        killNodes(for: time * 4 / 10)
        joinNodes(for: time * 1 / 10)
        pauseNodes(for: time * 3 / 10)
        let failed = verdicts.count { !$0 }
        print(failed == 0 ? "all goals are met" : "\(failed) of \(verdicts.count) goals are missed")
        return failed == 0
    }

    private mutating func beQuiet(for span: Duration) {
        let before = ring.nodes.map(\.traffic)
        let deaths = ring.falseDeaths
        ring.run(span)
        let spent = zip(ring.nodes, before).map { $0.traffic - $1 }
        let seconds = Double(span.wholeMicroseconds) / 1_000_000
        let bytes = spent.map { Double($0.bytes) / seconds }.sorted()
        let mean = bytes.reduce(0, +) / Double(bytes.count)
        let packets = Double(spent.reduce(0) { $0 + $1.packets }) / seconds / Double(bytes.count)
        let streams = Double(spent.reduce(0) { $0 + $1.streamBytes }) / seconds / Double(bytes.count)
        print("quiet for \(Figures.seconds(span)):")
        judge(
            "bytes/s per node",
            "mean \(Int(mean)), most \(Int(bytes.last ?? 0)), of it exchanges \(Int(streams))",
            goal: "< \(Int(goals.bytesPerSecondMax))", isMet: (bytes.last ?? 0) < goals.bytesPerSecondMax)
        print(Figures.row("packets/s per node", Figures.tenths(packets), "", ""))
        judge(
            "false deaths", "\(ring.falseDeaths - deaths)", goal: "0", isMet: ring.falseDeaths == deaths)
    }

    private mutating func killNodes(for span: Duration) {
        let end = ring.now + span
        let deaths = ring.falseDeaths
        var times: [Duration] = []
        repeat { times.append(trials.killTime(in: ring)) } while ring.now < end
        print("kills one after another for \(Figures.seconds(span)):")
        judge(
            "known dead by all", Figures.quantiles(times), goal: "<= \(Figures.seconds(goals.deathMax))",
            isMet: times.allSatisfy { $0 <= goals.deathMax })
        judge(
            "false deaths", "\(ring.falseDeaths - deaths)", goal: "0", isMet: ring.falseDeaths == deaths)
    }

    private mutating func joinNodes(for span: Duration) {
        let end = ring.now + span
        var times: [Duration] = []
        repeat {
            times.append(trials.joinTime(in: ring) ?? .seconds(60))
            ring.run(.seconds(2))
        } while ring.now < end
        print("joins one after another for \(Figures.seconds(span)):")
        judge(
            "known by all", Figures.quantiles(times), goal: "<= \(Figures.seconds(goals.joinMax))",
            isMet: times.allSatisfy { $0 <= goals.joinMax })
    }

    private mutating func pauseNodes(for span: Duration) {
        let pauses = GossipPauses()
        let before = ring.falseDeaths
        trials.pause(in: ring, span, pauses)
        let deaths = ring.falseDeaths - before
        let hours = Double(span.wholeMicroseconds) / 3_600_000_000
        print(
            "\(Figures.percent(pauses.part)) paused for up to \(Figures.seconds(pauses.lengths.upperBound)) "
                + "again and again, for \(Figures.seconds(span)):")
        judge(
            "false deaths", "\(deaths)", goal: "< 1 an hour", isMet: deaths == 0 || Double(deaths) < hours)
        ring.run(.seconds(20))
        judge("whole again", ring.isWhole ? "yes" : "no", goal: "yes", isMet: ring.isWhole)
    }

    private mutating func judge(_ what: String, _ measured: String, goal: String, isMet: Bool) {
        verdicts.append(isMet)
        print(Figures.row(what, measured, goal, isMet ? "met" : "MISSED"))
    }
}
