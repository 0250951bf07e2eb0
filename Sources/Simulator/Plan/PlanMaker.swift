import Cluster
import Protocol

/// Draws a plan from a seed. Each seed makes a world of another kind (swarm testing: Groce, Zhang, Eide, Chen,
/// Regehr, ISSTA 2012): which faults there are at all, how often, how small the limits are. A mix of everything
/// at once would hide what needs one kind of fault again and again.
struct PlanMaker {
    private let request: PlanRequest
    private var random: Random

    init(_ request: PlanRequest) {
        self.request = request
        random = Random(seed: request.seed, purpose: 1)
    }

    static func plan(_ request: PlanRequest) -> Plan {
        var maker = PlanMaker(request)
        return maker.make()
    }

    private mutating func make() -> Plan {
        let members = request.nodes ?? [3, 3, 3, 4, 5, 5, 7][Int.random(in: 0..<7, using: &random)]
        let spare = Int.random(in: 0...2, using: &random)
        let span = request.span ?? random.duration(in: .seconds(10) ... .seconds(40))
        let kinds = drawKinds()
        var settings = drawSettings(kinds, members: members)
        settings.replication.setDefect(request.defect)
        let steps = FaultMaker(
            kinds: kinds, nodes: members + spare, span: span,
            failoverAfter: settings.replication.failoverAfter, seed: random.next()
        ).steps()
        let clients = ClientMaker(settings: settings, span: span, seed: random.next()).clients()
        return Plan(
            seed: request.seed, nodes: members + spare, members: members, span: span, settings: settings,
            steps: steps, clients: clients)
    }

    /// In a fixed order.
    private mutating func drawKinds() -> [FaultKind] {
        if let faults = request.faults { return FaultKind.allCases.filter(faults.contains) }
        // In one world in four everything happens; in the others some of it.
        let permille = random.chance(permille: 250) ? 1_000 : Int.random(in: 150...600, using: &random)
        var kinds = FaultKind.allCases.filter { $0 != .maim && random.chance(permille: permille) }
        // Once in a while: what comes after it says less.
        var other = Random(seed: request.seed, purpose: 3)
        if other.chance(permille: 100) { kinds.append(.maim) }
        return kinds
    }

    // MARK: Settings

    private mutating func drawSettings(_ kinds: [FaultKind], members: Int) -> WorldSettings {
        var settings = WorldSettings()
        settings.replicas = random.chance(permille: 850) ? 3 : [1, 2, 4, 5][Int.random(in: 0..<4, using: &random)]
        settings.slots = Int.random(in: 1...6, using: &random)
        settings.keysPerSlot = Int.random(in: 1...3, using: &random)
        settings.evictAfter = random.duration(in: .seconds(3) ... .seconds(40))
        if random.chance(permille: 500) {
            // Dead soon, and evicted soon after.
            settings.membership.suspicionMin = random.duration(in: .milliseconds(300) ... .milliseconds(800))
            settings.evictAfter = random.duration(in: .milliseconds(500) ... .seconds(3))
        }
        drawNetwork(kinds, &settings)
        if random.chance(permille: 500) { shrinkLimits(&settings.replication) }
        // Where an answer takes longer than is waited for it, nothing ever comes about.
        let isFast = settings.latency.upperBound < .milliseconds(5) && settings.syncTime.upperBound < .milliseconds(6)
        if isFast, random.chance(permille: 500) { shortenPatience(&settings.replication) }
        if kinds.contains(.clock) { settings.skewMax = .seconds(5) }
        settings.replication.antiEntropyInterval = .seconds(1)
        settings.replication.scrubInterval = random.duration(in: .seconds(1) ... .seconds(10))
        drawVigilance(&settings.replication)
        return settings
    }

    /// In half of the worlds what has rotted goes unnoticed for a while, as in a real ring.
    private func drawVigilance(_ settings: inout ReplicatorSettings) {
        var random = Random(seed: request.seed, purpose: 4)
        guard random.chance(permille: 500) else { return }
        settings.antiEntropyInterval = random.duration(in: .seconds(5) ... .seconds(20))
        settings.scrubInterval = random.duration(in: .seconds(10) ... .seconds(40))
    }

    private mutating func drawNetwork(_ kinds: [FaultKind], _ settings: inout WorldSettings) {
        let slowest = [1, 4, 20][Int.random(in: 0..<3, using: &random)]
        settings.latency = .microseconds(30) ... .milliseconds(slowest)
        settings.syncTime = .microseconds(50) ... .milliseconds([1, 5, 30][Int.random(in: 0..<3, using: &random)])
        settings.turnDelay = .zero ... .microseconds([0, 200, 5_000][Int.random(in: 0..<3, using: &random)])
        if kinds.contains(.loss) {
            settings.packetLossPermille = Int.random(in: 1...200, using: &random)
            settings.packetTwicePermille = Int.random(in: 0...100, using: &random)
        }
    }

    /// Copies instead of logs, everything in many pieces, one at a time.
    private mutating func shrinkLimits(_ settings: inout ReplicatorSettings) {
        if random.chance(permille: 500) { settings.backlogBytesMax = Int.random(in: 0...2_000, using: &random) }
        if random.chance(permille: 500) {
            settings.chunkBytesMax = 1
            settings.supplyBytesPerTurnMax = 1
            settings.transferRate = 5_000
        }
        if random.chance(permille: 500) { settings.appendBytesMax = 1 }
        if random.chance(permille: 300) { settings.pullsMax = 1 }
        if random.chance(permille: 300) {
            settings.closingMax = 1
            settings.changeRate = 200
        }
        if random.chance(permille: 300) {
            settings.proposalsMax = 1
            settings.startsPerTurnMax = 1
        }
    }

    private mutating func shortenPatience(_ settings: inout ReplicatorSettings) {
        if random.chance(permille: 300) { settings.failoverAfter = .milliseconds(300) }
        if random.chance(permille: 300) { settings.sealedPatience = .milliseconds(5) }
        // Proposers that get in each other's way.
        if random.chance(permille: 300) { settings.failoverRankDelay = .milliseconds(5) }
        if random.chance(permille: 300) { settings.proposalTimeout = .milliseconds(50) }
        if random.chance(permille: 200) { settings.pullTimeout = .milliseconds(60) }
        if random.chance(permille: 200) { settings.closingTimeout = .milliseconds(50) }
    }
}
