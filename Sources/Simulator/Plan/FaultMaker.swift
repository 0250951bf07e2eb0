import Cluster

/// Draws what goes wrong, and when.
struct FaultMaker {
    private let kinds: [FaultKind]
    private let nodes: Int
    private let span: Duration
    /// When a takeover begins: what happens just then tells most.
    private let failoverAfter: Duration
    private var random: Random
    private var made: [Step] = []

    init(kinds: [FaultKind], nodes: Int, span: Duration, failoverAfter: Duration, seed: UInt64) {
        self.kinds = kinds
        self.nodes = nodes
        self.span = span
        self.failoverAfter = failoverAfter
        random = Random(seed: seed)
    }

    func steps() -> [Step] {
        var maker = self
        maker.draw()
        return maker.made.sorted { $0.at < $1.at }
    }

    private mutating func draw() {
        let happening = kinds.filter { $0 != .loss }
        guard !happening.isEmpty else { return }
        // From one fault in a few seconds to many in one.
        let most = [100, 300, 1_000, 3_000][Int.random(in: 0..<4, using: &random)]
        var at = Duration.zero
        while true {
            at += random.duration(in: .zero ... .milliseconds(most))
            guard at < span else { break }
            draw(happening[Int.random(in: 0..<happening.count, using: &random)], at)
            mend(at)
        }
    }

    private mutating func add(_ fault: Fault, _ at: Duration) { made.append(Step(at: at, fault: fault)) }

    private mutating func node() -> Int { Int.random(in: 0..<nodes, using: &random) }

    private mutating func delay() -> Duration {
        // Often back before anybody has noticed, or in the midst of a takeover.
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<3: random.duration(in: .zero ... .milliseconds(50))
        case 3..<6: failoverAfter + random.duration(in: .zero ... .milliseconds(300))
        case 6: random.duration(in: .seconds(6) ... .seconds(20))
        default: random.duration(in: .zero ... .seconds(6))
        }
    }

    private mutating func draw(_ kind: FaultKind, _ at: Duration) {
        let one = node()
        let other = (one + Int.random(in: 1..<max(2, nodes), using: &random)) % nodes
        switch kind {
        case .crash:
            let isBetween = random.chance(permille: 300)
            add(.crash(one, afterEffects: isBetween ? nil : Int.random(in: 1...12, using: &random)), at)
            add(.restart(one), at + delay())
        case .power:
            if random.chance(permille: 250) {
                add(.powerAll, at)
                add(.restartAll, at + random.duration(in: .zero ... .milliseconds(500)))
            } else {
                add(.power(one, isSilent: random.chance(permille: 500)), at)
                add(.restart(one), at + delay())
            }
        case .pause: add(.pause(one, for: .milliseconds(20) + delay()), at)
        case .partition: cut(one, other, at)
        case .breaks: add(.breakConnection(one, other), at)
        case .loss: break
        case .slow: add(.slowWay(from: one, to: other, factor: Int.random(in: 2...200, using: &random)), at)
        case .clock:
            if random.chance(permille: 500) {
                let by = random.duration(in: .zero ... .seconds(5))
                add(.jumpClock(one, by: by, isBack: random.chance(permille: 500)), at)
            } else {
                add(.drift(one, partsPerMillion: Int.random(in: -20_000...20_000, using: &random)), at)
            }
        case .disk:
            if random.chance(permille: 150) {
                add(.failDisk(one), at)
                add(.restart(one), at + delay())
            } else {
                add(.stallDisk(one, for: random.duration(in: .milliseconds(10) ... .seconds(2))), at)
            }
        case .wipe:
            add(.wipe(one), at)
            add(.restart(one), at + delay())
        case .join: add(.join(one), at)
        case .leave:
            add(.leave(one), at)
            if random.chance(permille: 500) {
                add(.wipe(one), at + random.duration(in: .seconds(2) ... .seconds(8)))
                add(.join(one), at + random.duration(in: .seconds(2) ... .seconds(8)))
            }
        case .stop:
            add(.stop(one), at)
            add(.restart(one), at + delay())
        case .forget:
            add(.crash(one, afterEffects: nil), at)
            add(.forget(one, by: other), at + random.duration(in: .seconds(1) ... .seconds(5)))
        case .rot: add(.rot(one, draw: random.next()), at)
        case .move:
            add(.crash(one, afterEffects: nil), at)
            add(.move(one), at + .milliseconds(1))
            add(.restart(one), at + .milliseconds(2) + delay())
        case .maim:
            add(.maim(slot: Int.random(in: 0..<6, using: &random), from: one, by: other), at)
        }
    }

    private mutating func cut(_ one: Int, _ other: Int, _ at: Duration) {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: trap(one, other, at)
        case 1:
            add(.clog(from: one, to: other), at)
            add(.unclog(from: one, to: other), at + delay())
        case 2:
            // One by one, and healing in another order.
            for node in 0..<nodes where node != one && random.chance(permille: 600) {
                add(.clog(from: one, to: node), at + random.duration(in: .zero ... .seconds(1)))
                add(.clog(from: node, to: one), at + random.duration(in: .zero ... .seconds(1)))
                add(.unclog(from: one, to: node), at + .seconds(1) + delay())
                add(.unclog(from: node, to: one), at + .seconds(1) + delay())
            }
        case 3: add(.isolate(one), at)
        default:
            let side = (0..<nodes).filter { _ in random.chance(permille: 500) }
            add(.split(side: side, bridge: random.chance(permille: 300) ? other : nil), at)
        }
        if random.chance(permille: 700) { add(.healAll, at + .milliseconds(500) + delay()) }
    }

    /// One node is cut off until the others take over from it; then it reaches one of them again, and the
    /// rest only later. Slow disks give it time.
    private mutating func trap(_ one: Int, _ other: Int, _ at: Duration) {
        add(.isolate(one), at)
        let begin = at + failoverAfter
        if random.chance(permille: 500) {
            for node in 0..<nodes where node != one {
                add(.stallDisk(node, for: random.duration(in: .zero ... .milliseconds(700))), begin)
            }
        }
        let back = begin + random.duration(in: .zero ... .milliseconds(700))
        add(.unclog(from: one, to: other), back)
        add(.unclog(from: other, to: one), back)
        add(.healAll, back + random.duration(in: .zero ... .seconds(3)))
    }

    /// So that there is something left to break.
    private mutating func mend(_ at: Duration) {
        if random.chance(permille: 60) { add(.restartAll, at) }
        if random.chance(permille: 60) { add(.healAll, at) }
    }
}
