import Glibc
import UV

/// Does things to a ring, one after the other, as `FaultMaker` draws them.
final class Tormentor {
    private let ring: TortureRing
    private var maker: FaultMaker
    private let size: Int
    private let pauseMax: Int
    private let rest: RestWatch
    private var nextAt: UInt64 = 0
    private var healAt: UInt64 = 0
    /// A disk is to be lost as soon as every copy is whole; until then nothing else is done.
    private var wipesBefore: UInt64 = 0
    private(set) var counts: [FaultKind: Int] = [:]

    init(_ ring: TortureRing, _ maker: FaultMaker, _ plan: TorturePlan) {
        self.ring = ring
        self.maker = maker
        size = plan.nodes
        pauseMax = max(100, Int(plan.pauseMax / .milliseconds(1)))
        rest = RestWatch(ring.loop)
    }

    private var now: UInt64 { ring.loop.turnTime }
    /// So many may be hurt at a time, so that most slots keep a majority.
    private var hurtMax: Int { max(1, (size - 1) / 2) }

    /// Those that are hurt, but for who is long in starting: it may wait for others.
    private var hurt: Int {
        let before = ring.loop.now - min(ring.loop.now, 5_000_000_000)
        return ring.disturbed.count { $0.phase != .starting || $0.disturbedAt > before }
    }

    private var healthy: [TortureNode] { ring.members.filter { !$0.isDisturbed } }

    func onTick() {
        if healAt != 0, now >= healAt { heal() }
        if wipesBefore != 0 { return waitForRest() }
        guard now >= nextAt else { return }
        nextAt = now + maker.milliseconds(300...5_000)
        guard let kind = maker.kind() else { return }
        act(kind)
    }

    func end() {
        heal()
        wipesBefore = 0
        rest.close()
    }

    private func act(_ kind: FaultKind) {
        switch kind {
        case .kill where maker.chance(percent: 4): killAll()
        case .kill: hurtOne(kind, kill)
        case .pause: hurtOne(kind, pause)
        case .restart: hurtOne(kind, restart)
        case .join: join()
        case .leave: leave()
        case .wipe: if healAt == 0 { beginWipe() }
        case .partition: if healAt == 0, hurt == 0 || maker.chance(percent: 30) { cut() }
        }
    }

    private func count(_ kind: FaultKind, _ text: String) {
        counts[kind, default: 0] += 1
        ring.note("\(kind.rawValue): \(text)")
    }

    // MARK: One node

    private func hurtOne(_ kind: FaultKind, _ body: (TortureNode) -> Void) {
        guard hurt < hurtMax else { return }
        // Also one that is starting or leaving.
        let candidates = ring.members.filter { [.running, .starting, .leaving].contains($0.phase) && !$0.isCut }
        guard let node = maker.pick(candidates), kind == .kill || node.phase == .running else { return }
        ring.touch(node)
        body(node)
    }

    private func kill(_ node: TortureNode) {
        let down = maker.milliseconds(0...20_000)
        count(.kill, "\(node.id), for \(down) ms")
        node.kill()
        node.wakeAt = now + down
    }

    private func pause(_ node: TortureNode) {
        let span = maker.milliseconds(100...pauseMax)
        count(.pause, "\(node.id), for \(span) ms")
        node.signal(SIGSTOP)
        node.phase = .paused
        node.wakeAt = now + span
    }

    private func restart(_ node: TortureNode) {
        count(.restart, node.id)
        node.signal(SIGTERM)
        node.phase = .stopping
    }

    private func killAll() {
        count(.kill, "all nodes at once")
        for node in ring.members where node.phase != .down {
            ring.touch(node)
            node.kill()
            node.wakeAt = now + maker.milliseconds(0...3_000)
        }
    }

    // MARK: The ring

    private func join() {
        guard ring.members.count <= size, let node = ring.add() else { return }
        count(.join, node.id)
    }

    private func leave() {
        let staying = ring.members.count { $0.phase != .leaving }
        guard staying >= size, hurt < hurtMax, let node = maker.pick(healthy) else { return }
        count(.leave, node.id)
        ring.touch(node)
        node.signal(SIGINT)
        node.phase = .leaving
        node.isToLeave = true
    }

    private func cut() {
        let nodes = ring.members
        let cut = maker.cut(of: nodes.count)
        ring.cut(cut.ways.map { (nodes[$0.from], nodes[$0.to]) })
        for index in cut.touched {
            nodes[index].isCut = true
            ring.touch(nodes[index])
        }
        let span = maker.milliseconds(500...15_000)
        healAt = now + span
        count(.partition, "\(cut.touched.map { nodes[$0].id }.joined(separator: ", ")) \(cut.name), for \(span) ms")
    }

    private func heal() {
        guard healAt != 0 else { return }
        healAt = 0
        ring.cut([])
        ring.note("all ways are open")
    }

    // MARK: A lost disk

    private func beginWipe() {
        wipesBefore = now + 30_000
        rest.begin(ring.members)
    }

    private func waitForRest() {
        guard now < wipesBefore else { return wipesBefore = 0 }
        guard healAt == 0, ring.disturbed.isEmpty else { return rest.begin(ring.members) }
        rest.goOn(ring.members)
        guard rest.isAtRest else { return }
        wipesBefore = 0
        nextAt = now + maker.milliseconds(0...5_000)
        guard let node = maker.pick(healthy) else { return }
        ring.touch(node)
        let down = maker.milliseconds(0...15_000)
        count(.wipe, "\(node.id) loses its disk, is away for \(down) ms")
        node.kill()
        node.losesDisk = true
        node.wakeAt = now + down
    }
}
