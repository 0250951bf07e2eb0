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
    private static let connectTime = Duration.seconds(5)

    private let index: Int
    private unowned let generator: Generator
    private let addresses: [SocketAddress]
    private var stream: Stream?
    private var scanner: ReplyScanner
    private var output: OutputBuffer
    private var queue: InFlightQueue
    private var retry: Timer?
    private(set) var isReady = false
    /// Requests of the open-loop plan that it has sent.
    private var sentOfPlan = 0
    /// Why it broke last.
    private var brokenBecause: String?

    init(_ index: Int, of generator: Generator, to addresses: [SocketAddress]) {
        self.index = index
        self.generator = generator
        self.addresses = addresses
        scanner = ReplyScanner(generator.dialect)
        let room = generator.plan.pipeline + 2
        output = OutputBuffer(capacity: room * generator.forms.lengthMax)
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

    // MARK: Events

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

    private func becomeReady() {
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

    // MARK: Replies

    /// - Returns: false for a reply to nothing.
    private func onReply(_ kind: ReplyKind, _ now: UInt64) -> Bool {
        guard let next = queue.nextAnswered else { return false }
        switch next.role {
        case .setup:
            _ = queue.takeAnswered()
            if kind == .error {
                generator.giveUp("the server does not know CLIENT CONSISTENCY (\(scanner.errorText)): leave -consistency out")
            } else {
                becomeReady()
            }
        case .wait: onWait(kind, now)
        case .operation where generator.plan.waitReplicas > 0:
            if kind == .error { generator.tally.fail(scanner.errorText) }
            queue.hold(failed: kind == .error)
        case .operation, .secondStep:
            _ = queue.takeAnswered()
            onReply(kind, to: next, now)
        }
        return true
    }

    private func onReply(_ kind: ReplyKind, to request: InFlight, _ now: UInt64) {
        if kind == .error { return generator.tally.fail(scanner.errorText) }
        if request.verb == .rmw, request.role == .operation { return writeAfterRead(request) }
        if kind == .miss, request.verb == .get { generator.tally.misses += 1 }
        // Keys that are there already are what filling expects.
        if kind == .conflict, request.verb != .fill { generator.tally.conflicts += 1 }
        generator.tally.record(request.verb, now &- min(now, request.intended))
    }

    private func writeAfterRead(_ request: InFlight) {
        let value = generator.nextValue()
        scanner.withVersion { version in
            generator.forms.appendWrite(key: request.key, value: value, version: version, to: &output)
        }
        var second = request
        second.role = .secondStep
        queue.append(second)
    }

    private func onWait(_ kind: ReplyKind, _ now: UInt64) {
        if kind == .error {
            generator.tally.note(scanner.errorText)
        } else if scanner.number < generator.plan.waitReplicas {
            generator.tally.note("WAIT: \(scanner.number) replicas instead of \(generator.plan.waitReplicas)")
        }
        for _ in 0..<queue.heldCount {
            guard let request = queue.takeFirst(), !request.hasFailed else { continue }
            generator.tally.record(request.verb, now &- min(now, request.intended))
        }
        _ = queue.takeAnswered()
    }

    // MARK: Requests

    /// Sends what is to be sent now.
    func proceed(at now: UInt64) {
        guard isReady else { return }
        if generator.pace == nil {
            if queue.isEmpty { sendBatch(at: now) }
        } else {
            sendDue()
        }
        flush()
        generator.checkEnd()
    }

    private func sendBatch(at now: UInt64) {
        for _ in 0..<generator.plan.pipeline {
            guard let operation = generator.nextOperation() else { break }
            send(operation, intended: now)
        }
        guard generator.plan.waitReplicas > 0, !queue.isEmpty else { return }
        var text = TemplateText()
        RESPForms.addWords(["WAIT", "\(generator.plan.waitReplicas)", "0"], 3, to: &text)
        text.template().append(key: 0, value: generator.nextValue(), to: &output)
        queue.append(InFlight(intended: now, key: 0, verb: .ping, role: .wait))
    }

    private func sendDue() {
        guard let pace = generator.pace else { return }
        let due = pace.dueCount(generator.dueCount, on: index)
        while sentOfPlan < due, queue.count < generator.plan.pipeline {
            guard let operation = generator.nextOperation() else { return }
            send(operation, intended: pace.instant(of: sentOfPlan, on: index))
            sentOfPlan += 1
        }
    }

    private func send(_ operation: Generator.Operation, intended: UInt64) {
        generator.forms.template(operation.verb).append(key: operation.key, value: generator.nextValue(), to: &output)
        queue.append(InFlight(intended: intended, key: operation.key, verb: operation.verb, role: .operation))
    }

    private func flush() {
        guard !output.isEmpty else { return }
        stream?.write(output.bytes)
        output.removeAll()
    }

    // MARK: The end

    /// Counts what is under way as given up.
    func giveUp(at now: UInt64) {
        while let request = queue.takeFirst() {
            guard request.role == .operation || request.role == .secondStep, !request.hasFailed else { continue }
            generator.tally.giveUp(request.verb, after: now &- min(now, request.intended))
        }
        // What the plan had for it and was never sent.
        guard let pace = generator.pace else { return }
        for number in sentOfPlan..<max(sentOfPlan, pace.dueCount(pace.total, on: index)) {
            guard let operation = generator.nextOperation() else { return }
            generator.tally.giveUp(operation.verb, after: now &- min(now, pace.instant(of: number, on: index)))
        }
    }
}
