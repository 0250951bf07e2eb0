import Protocol
import UV

/// One connection of the load, and what is under way on it.
///
///     connecting ── CLIENT CONSISTENCY answered, or none needed ──▶ ready ⇄ busy
///         ▲──────────────────── the connection breaks ─────────────────┘
///
/// In a closed loop it sends a batch of `pipeline` requests, and the next one when all of it is answered. In an open loop
/// it sends each request when it is due, as long as fewer than `pipeline` are under way. What a turn brings forth goes out
/// as one write.
final class Connection {
    private static let retryDelay = Duration.milliseconds(100)
    /// What it takes for requests at first, at most; large batches of large values make it more.
    private static let outputBytes = 1 << 20
    private static let connectTime = Duration.seconds(5)

    let index: Int
    /// It owns this connection and outlives all its callbacks. Not counted: a checked reference would take a fifth of all
    /// instructions of a request.
    unowned(unsafe) let generator: Generator
    private let addresses: [SocketAddress]
    var stream: Stream?
    var scanner: ReplyScanner
    var output: OutputBuffer
    var queue: InFlightQueue
    private var retry: Timer?
    private(set) var isReady = false
    /// Requests of the open-loop plan that it has sent.
    var sentOfPlan = 0
    /// Why it broke last.
    private var brokenBecause: String?

    init(_ index: Int, of generator: Generator, to addresses: [SocketAddress]) {
        self.index = index
        self.generator = generator
        self.addresses = addresses
        scanner = ReplyScanner(generator.dialect)
        let room = generator.plan.pipeline + 2
        output = OutputBuffer(capacity: min(room * generator.forms.lengthMax, Connection.outputBytes))
        queue = InFlightQueue(capacity: room)
    }

    func connect() {
        let stream = Stream(generator.loop, connectingTo: addresses[index % addresses.count], timeout: Connection.connectTime)
        self.stream = stream
        scanner = ReplyScanner(generator.dialect)
        stream.onConnect = { [unowned self] in onConnect() }
        stream.onRead = { [unowned self] bytes in onRead(bytes) }
        stream.onClose = { [unowned self] reason in onClose(reason) }
    }

    /// Nothing is called back after it.
    func close() {
        retry?.close()
        stream?.onConnect = nil
        stream?.onRead = nil
        stream?.onClose = nil
        stream?.close()
    }

    private func onConnect() {
        if generator.dialect == .resp, generator.plan.consistency != .quorum {
            var text = TemplateText()
            RESPForms.addWords(["CLIENT", "CONSISTENCY", generator.plan.consistency.name], 3, to: &text)
            withUnsafeTemporaryAllocation(byteCount: 16, alignment: 1) { none in
                guard let base = none.baseAddress else { return }
                text.template().append(key: 0, value: UnsafeRawPointer(base), to: &output)
            }
            queue.append(InFlight(intended: 0, key: 0, verb: .ping, role: .setup))
            flush()
        } else {
            becomeReady()
        }
    }

    func becomeReady() {
        isReady = true
        generator.onReady()
        // The load may have begun without it.
        if generator.isMeasuring { proceed(at: generator.loop.now) }
    }

    private func onRead(_ bytes: UnsafeRawBufferPointer) {
        let now = generator.loop.now
        var at = 0
        while let kind = scanner.next(bytes, &at) {
            guard onReply(kind, now) else { return breakOff("a reply that nothing was asked for") }
        }
        if let complaint = scanner.complaint { return breakOff(complaint) }
        if generator.isMeasuring { proceed(at: now) }
    }

    private func breakOff(_ words: String) {
        brokenBecause = words
        stream?.close()
    }

    private func onClose(_ reason: CloseReason) {
        let words = brokenBecause ?? reason.description
        brokenBecause = nil
        stream = nil
        let stood = isReady
        isReady = false
        output.removeAll()
        var lost = 0
        while let request = queue.takeFirst() { if request.role != .wait, request.role != .setup, !request.hasFailed { lost += 1 } }
        generator.onBroken(lost, words, stood: stood, address: addresses[index % addresses.count])
        guard !generator.isOver else { return }
        let retry = Timer(generator.loop) { [unowned self] in connect() }
        self.retry = retry
        retry.start(after: Connection.retryDelay)
    }

    /// Counts what is under way as given up.
    func giveUp(at now: UInt64) {
        while let request = queue.takeFirst() {
            guard request.role == .operation || request.role == .secondStep, !request.hasFailed else { continue }
            generator.tally.giveUp(request.verb, after: now &- min(now, request.intended))
        }
        // What the plan had for it and was never sent.
        guard let pace = generator.pace else { return }
        for number in sentOfPlan..<max(sentOfPlan, pace.dueCount(pace.total, on: index)) {
            guard let operation = generator.nextOperation(on: index) else { return }
            generator.tally.giveUp(operation.verb, after: now &- min(now, pace.instant(of: number, on: index)))
        }
    }
}
