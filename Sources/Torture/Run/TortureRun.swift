import Glibc
import UV

/// One run, from the first node to the verdict:
///
///     starting ──▶ tormenting ──▶ mending ──▶ reading ──▶ over
///         └─────────────┴─────────────┴──────────┴─ failed ──▲
///
/// Everything happens on one thread, so the order of the record is the order of what happened.
final class TortureRun {
    enum Phase: String {
        case starting, tormenting, mending, reading, over
    }

    private static let tick = Duration.milliseconds(20)
    private static let startTime = Duration.seconds(60)
    private static let mendTime = Duration.seconds(180)
    private static let readTime = Duration.seconds(60)

    private let loop: Loop
    private let plan: TorturePlan
    private let ring: TortureRing
    private let tormentor: Tormentor
    private let workload: Workload
    private let rest: RestWatch
    private let record: HistoryWriter
    private let progress: Progress
    private var ticker: Timer?
    private var phase = Phase.starting
    private var phaseEnds: UInt64 = 0
    private(set) var failures: [String] = []

    init(_ loop: Loop, _ plan: TorturePlan, network: any RingNetwork, record: HistoryWriter) {
        self.loop = loop
        self.plan = plan
        self.record = record
        ring = TortureRing(loop, network: network, folder: plan.folder, program: plan.program, flags: plan.nodeFlags)
        let kinds = plan.faults.filter { $0 != .partition || network.cannotCut == nil }
        tormentor = Tormentor(ring, FaultMaker(seed: plan.seed, kinds: kinds, size: plan.nodes), plan)
        workload = Workload(loop, record: record, seed: plan.seed, kinds: plan.kinds)
        rest = RestWatch(loop)
        progress = Progress()
    }

    /// Until the last key is read, or something failed.
    func run() {
        ring.note = { [unowned self] in note($0) }
        ring.fail = { [unowned self] in fail($0) }
        workload.nodes = { [unowned self] in ring.members.filter(\.canBeAsked) }
        enter(.starting, for: TortureRun.startTime)
        _ = ring.add()
        ticker = Timer(loop) { [unowned self] in onTick() }
        ticker?.start(after: TortureRun.tick, every: TortureRun.tick)
        loop.run()
        record.close()
        if record.faulted { failures.append("the history could not be written") }
    }

    /// By a signal: what there is is checked.
    func interrupt() { fail("interrupted") }

    private func note(_ text: String) {
        record.write({ .fault(time: $0, text: text) }, at: loop.now)
        progress.note(text)
    }

    private func fail(_ text: String) {
        note("FAILED: \(text)")
        failures.append(text)
        enter(.over, for: .zero)
    }

    private func enter(_ next: Phase, for limit: Duration) {
        phase = next
        phaseEnds = loop.turnTime + UInt64(limit / .milliseconds(1))
    }

    // MARK: Its course

    private func onTick() {
        ring.onTick()
        progress.show(phase, workload.counters, faults: tormentor.counts, ring: ring, waits: waits)
        let isLate = loop.turnTime >= phaseEnds
        switch phase {
        case .starting: isLate ? fail("the ring does not start: \(rest.unrest)") : start()
        case .tormenting: isLate ? mend() : tormentor.onTick()
        case .mending: isLate ? fail("the ring does not come to rest: \(waits ?? "")") : awaitRest()
        case .reading: isLate ? fail("keys cannot be read after all was mended") : awaitReads()
        case .over: end()
        }
    }

    /// What keeps a mended ring from being at rest, or the clients from having their answers.
    private var waits: String? {
        guard phase == .mending else { return nil }
        return rest.isAtRest ? "clients for their answers" : rest.unrest
    }

    private func start() {
        guard ring.members.allSatisfy({ $0.phase == .running }) else { return }
        if ring.members.count < plan.nodes {
            while ring.members.count < plan.nodes, ring.add() != nil {}
            return rest.begin(ring.members)
        }
        rest.goOn(ring.members)
        guard rest.isAtRest else { return }
        note("the ring has \(plan.nodes) nodes and is at rest")
        workload.start(clients: plan.clients)
        enter(.tormenting, for: plan.time)
    }

    private func mend() {
        note("all is mended")
        tormentor.end()
        ring.mend()
        workload.stop()
        rest.begin(ring.members)
        enter(.mending, for: TortureRun.mendTime)
    }

    private func awaitRest() {
        guard ring.disturbed.isEmpty else { return rest.begin(ring.members) }
        rest.goOn(ring.members)
        guard rest.isAtRest, workload.isIdle else { return }
        note("the ring is at rest again")
        workload.readAll()
        enter(.reading, for: TortureRun.readTime)
    }

    private func awaitReads() {
        if workload.isIdle { enter(.over, for: .zero) }
    }

    private func end() {
        ticker?.close()
        workload.end()
        rest.close()
        tormentor.end()
        ring.end()
        loop.stop()
    }

    // MARK: What was done

    var report: TortureReport {
        TortureReport(counters: workload.counters, faults: tormentor.counts, refusals: ring.refusals)
    }
}
