import Cluster
import Protocol
import UV

/// One run on a loop of its own: connections, what they send, and when it is over.
///
/// - Everything that a request needs is made before the first one: requests are copied from templates, latencies go into
///   tables, and a batch is one write.
/// - It is over when all operations that were begun have ended, or the plan's `drainTime` after the last one should have been sent.
///   One of so many operations that are sent as others are answered is also over when nothing has been for that long.
final class Generator {
    struct Operation {
        let verb: Verb
        let key: UInt64
    }

    let loop: Loop
    let plan: RunPlan
    let dialect: Dialect
    let forms: RequestForms
    var tally: Tally
    private(set) var pace: Pace?
    /// Of an open-loop plan: how many requests are due by now.
    private(set) var dueCount = 0
    private(set) var isMeasuring = false
    private(set) var isOver = false

    private let pool: ValuePool
    private var random: Random
    private var keys: KeyChooser
    /// In place of `keys` where each connection has keys of its own.
    private var router: Router?
    private let mix: Mix
    private var begun = 0
    /// No more operations begin.
    private var isStopped = false
    private var connections: [Connection] = []
    private var readyCount = 0
    private var alarm: Alarm?
    private var timers: [Timer] = []
    private var patience: Patience
    private var failure: BenchError?
    private var started: UInt64 = 0
    private var ended: UInt64 = 0
    private var generatorTime: UInt64 = 0
    private var serverTime: UInt64?
    private var timesBefore: (generator: UInt64, server: UInt64?) = (0, nil)
    private let onProgress: ((Generator) -> Void)?

    /// - Parameters:
    ///   - layout: who leads which slot; with it each connection asks for keys that its node leads.
    ///   - onProgress: called now and then while it runs.
    init(
        _ loop: Loop, _ plan: RunPlan, layout: Layout? = nil, onProgress: ((Generator) -> Void)? = nil
    ) throws(BenchError) {
        try plan.check()
        self.loop = loop
        self.plan = plan
        self.onProgress = onProgress
        dialect = try plan.target.dialect(plan.wire)
        forms = RequestForms(dialect, valueSize: plan.valueSize, consistency: plan.consistency)
        tally = Tally(verbs: plan.verbs)
        patience = Patience(plan.drainTime)
        random = Random(seed: plan.seed)
        pool = ValuePool(size: plan.valueSize / 3 * 4 + 4, random: &random)
        switch plan.load {
        case .fill:
            mix = Mix([(.fill, 1)])
            keys = KeyChooser(.uniform, count: plan.keys)
        case .mix(let mix, let distribution):
            self.mix = mix
            keys = KeyChooser(distribution, count: plan.keys)
        }
        if let layout { router = try Router(layout, verbs: plan.verbs, keys: keys) }
    }

    /// Where connections are to go, in turn: those that lead the keys, where that is known.
    var servers: [NodeAddress] { router?.primaries ?? plan.target.addresses }

    /// Seconds since the load began.
    var seconds: Double { isMeasuring ? Double(loop.now - started) / 1e9 : 0 }

    // MARK: The run

    /// Runs the loop until all is done.
    func run(to addresses: [SocketAddress]) throws(BenchError) -> RunResult {
        connections = (0..<plan.connections).map { Connection($0, of: self, to: addresses) }
        for connection in connections { connection.connect() }
        let timer = Timer(loop) { [unowned self] in watch() }
        timer.start(after: plan.drainTime / 4, every: plan.drainTime / 4)
        timers.append(timer)
        loop.run()
        close()
        if let failure { throw failure }
        return RunResult(
            verbs: tally.ofVerbs, unanswered: tally.unanswered, errors: tally.errors, misses: tally.misses, conflicts: tally.conflicts,
            nanoseconds: max(1, ended - started), generatorTime: generatorTime, serverTime: serverTime)
    }

    private func close() {
        for connection in connections { connection.close() }
        for timer in timers { timer.close() }
        alarm?.close()
    }

    /// Ends the run without a result.
    func giveUp(_ words: String) { giveUp(BenchError(words)) }

    private func giveUp(_ error: BenchError) {
        failure = failure ?? error
        isOver = true
        loop.stop()
    }

    /// A connection stands; the load begins with the last of them.
    func onReady() {
        readyCount += 1
        guard !isMeasuring, readyCount == connections.count else { return }
        do throws(BenchError) {
            try begin()
        } catch {
            giveUp(error)
        }
    }

    private func begin() throws(BenchError) {
        if !plan.serverPIDs.isEmpty { timesBefore.server = try ProcessorTime.nanoseconds(of: plan.serverPIDs) }
        timesBefore.generator = ProcessorTime.ofThisThread
        isMeasuring = true
        started = loop.now
        ended = started
        try startClocks()
        for connection in connections { connection.proceed(at: started) }
    }

    private func startClocks() throws(BenchError) {
        if let onProgress {
            let timer = Timer(loop) { [unowned self] in onProgress(self) }
            timer.start(after: .milliseconds(500), every: .milliseconds(500))
            timers.append(timer)
        }
        if let rate = plan.rate, let total = plan.total, plan.load != .fill {
            let pace = Pace(rate: rate, start: started, connections: plan.connections, total: total)
            self.pace = pace
            do throws(IOError) {
                alarm = try Alarm(loop) { [unowned self] in onDue() }
            } catch {
                throw BenchError(error.text)
            }
            onDue()
            let length = Duration.nanoseconds(Int64(pace.instant(of: total - 1) - started))
            limit(length + plan.drainTime)
        } else if plan.total == nil {
            let timer = Timer(loop) { [unowned self] in stop() }
            timer.start(after: plan.duration)
            timers.append(timer)
        }
    }

    /// Requests of the plan have become due.
    private func onDue() {
        guard let pace, !isOver else { return }
        let now = loop.now
        let before = dueCount
        dueCount = pace.dueCount(at: now)
        let touched = min(dueCount - before, connections.count)
        for offset in 0..<touched { connections[(before + offset) % connections.count].proceed(at: now) }
        if dueCount < pace.total { alarm?.set(at: pace.instant(of: dueCount)) }
    }

    /// No more operations begin.
    private func stop() {
        isStopped = true
        limit(plan.drainTime)
        checkEnd()
    }

    private func limit(_ time: Duration) {
        let timer = Timer(loop) { [unowned self] in endUnfinished() }
        timer.start(after: time)
        timers.append(timer)
    }

    /// After every batch of replies.
    func checkEnd() {
        let isComplete = isStopped || plan.total.map { begun >= $0 } ?? false
        guard isMeasuring, !isOver, isComplete, tally.finished >= begun else { return }
        end()
    }

    /// Whether anything goes on, where no time ends the run.
    private func watch() {
        guard !isOver, patience.isOver(readyCount + tally.finished, at: loop.now) else { return }
        guard isMeasuring else {
            return giveUp("\(plan.target.description) has not answered the first words of all connections within \(plan.drainTime)")
        }
        guard pace == nil, let total = plan.total else { return }
        if begun < total {
            tally.note("not sent: the last \(total - begun) of \(total) requests, since nothing was answered for \(plan.drainTime)")
        }
        endUnfinished()
    }

    private func endUnfinished() {
        guard !isOver else { return }
        let now = loop.now
        for connection in connections { connection.giveUp(at: now) }
        end()
    }

    private func end() {
        isOver = true
        ended = loop.now
        generatorTime = ProcessorTime.ofThisThread - timesBefore.generator
        if let before = timesBefore.server {
            serverTime = (try? ProcessorTime.nanoseconds(of: plan.serverPIDs)).map { $0 - min($0, before) }
        }
        loop.stop()
    }

    /// A connection broke, or could not be made.
    /// - Parameters:
    ///   - lost: how many operations were under way on it.
    ///   - stood: it had been ready.
    func onBroken(_ lost: Int, _ words: String, stood: Bool, address: SocketAddress) {
        if stood { readyCount -= 1 }
        guard isMeasuring else {
            return giveUp("cannot talk to \(address): \(words); is \(plan.target.kind.rawValue) there?")
        }
        if lost > 0 {
            tally.fail("connection: \(words)", times: lost)
        } else {
            tally.note("connection: \(words)")
        }
        checkEnd()
    }

    // MARK: What is sent

    /// The next operation of the load; nil when there are no more.
    /// - Parameter connection: its index.
    func nextOperation(on connection: Int) -> Operation? {
        guard !isStopped, !isOver else { return nil }
        if let total = plan.total, begun >= total { return nil }
        begun += 1
        if plan.load == .fill { return Operation(verb: .fill, key: UInt64(begun - 1)) }
        let verb = mix.verb(for: random.next())
        if let key = router?.key(of: verb, on: connection, &random) { return Operation(verb: verb, key: key) }
        return Operation(verb: verb, key: verb == .insert ? keys.insert() : keys.key(for: random.next()))
    }

    func nextValue() -> UnsafeRawPointer { pool.value(for: random.next()) }
}
