import Protocol
import UV

/// The connection of a client: when it is read, when it is written, when it ends. What is said on it is its
/// conversation's.
///
///     serving ── too many requests open, or the client does not read ──▶ paused
///        │    ◀──────── half of them answered, and the answers taken ──────┘
///        │ ── the conversation is blocked ──▶ waiting
///        │    ◀──────── it is not any more ──────┘
///        └── its input ends, or cannot be read on ──▶ ending ── all answered ──▶ closed
///
/// While paused nothing is read and nothing of what has been read is taken up. While waiting a little is read, to
/// notice a client that is gone. `Clients` owns it, and it keeps `Clients` alive, until its stream has closed.
final class ClientConnection {
    private enum Phase { case serving, paused, waiting, ending }

    /// Of what is read while waiting.
    private static let readAheadMax = 64 * 1024
    /// Of 64 KiB: a large value is left to come a tenth of a millisecond at a time.
    private static let readsPerTurn = 2
    /// What a connection may hold of a request however much all of them hold.
    private static let inputBytesMin = 64 * 1024

    private let stream: UV.Stream
    private let clients: Clients
    private let place: Int
    let conversation: any Conversation
    private var phase = Phase.serving
    /// Its input ended while something was under way before what else had come.
    private var hasEnded = false
    /// How large an answer must be expected to be, by the latest ones: what bounds the requests that are
    /// taken up ahead, since nobody knows how much a GET will bring.
    private var expectedAnswerBytes: Int
    /// Bytes that have come and are not taken up, as `Clients` knows them.
    private(set) var inputBytes = 0
    /// When it was read last, in the loop's time.
    private(set) var lastRead: UInt64 = 0
    /// Whether `Clients` will call `endTurn` or `holdTurn`.
    var isTouched = false
    /// Whether `Clients` will call `serveArrival`.
    private var hasArrived = false
    /// Answers of turns that have ended and that must not leave yet.
    private var held: [Output] = []
    private var heldBytes = 0

    init(_ stream: UV.Stream, clients: Clients, place: Int, _ conversation: any Conversation) {
        self.stream = stream
        self.clients = clients
        self.place = place
        self.conversation = conversation
        expectedAnswerBytes = clients.limits.firstAnswerBytes
    }

    /// The sequence of the next request in this place.
    var nextSequence: UInt64 { conversation.nextSequence }
    var remoteAddress: SocketAddress? { stream.remoteAddress }
    var localAddress: SocketAddress? { stream.localAddress }

    /// Starts to serve; `firstBytes` have been read already.
    func start(firstBytes: [UInt8]) {
        stream.readsPerTurn = Self.readsPerTurn
        stream.onRead = { [unowned self] in onRead($0) }
        stream.onEnd = { [unowned self] in onEnd() }
        stream.onDrained = { [unowned self] in goOn() }
        stream.onClose = { [unowned self] _ in
            conversation.close()
            countInput()
            clients.remove(place)
        }
        firstBytes.withUnsafeBytes { onRead($0) }
    }

    func close() { stream.close() }

    // MARK: - Requests

    private func onRead(_ bytes: UnsafeRawBufferPointer) {
        guard phase == .serving || phase == .waiting else { return }
        lastRead = clients.loop.turnTime
        conversation.append(bytes)
        guard phase != .serving || bytes.count > Arrivals.pieceBytesMax else { return arrive() }
        if phase == .serving { serve() } else { wait() }
        countInput()
    }

    private func arrive() {
        guard !hasArrived else { return }
        hasArrived = true
        clients.arrive(self)
    }

    /// Takes up what has come in this turn.
    func serveArrival() {
        guard hasArrived else { return }
        hasArrived = false
        guard phase == .serving else { return }
        serve()
        countInput()
    }

    private func countInput() {
        let bytes = stream.isOpen ? conversation.pendingBytes : 0
        let change = bytes - inputBytes
        inputBytes = bytes
        clients.countInput(change)
    }

    /// Whether its request may be given up, where all connections hold too much.
    var mayBeDropped: Bool { inputBytes > Self.inputBytesMin && stream.isOpen && phase != .ending }

    /// Gives up what it holds of a request.
    func dropInput(_ reason: String) {
        conversation.dropInput(reason)
        countInput()
        end()
    }

    private func onEnd() {
        serveArrival()
        switch phase {
        case .ending: return
        case .waiting:
            hasEnded = true
            conversation.hurry()
        // What has come before is taken up first.
        case .paused: hasEnded = true
        case .serving:
            conversation.endInput()
            end()
        }
    }

    /// Takes up what has been read.
    private func serve() {
        while phase == .serving, stream.isOpen {
            guard conversation.openRequests < requestsMax, !isClogged else { return pause() }
            switch conversation.takeNext() {
            case .taken: if conversation.hasOutput { onAnswer() }
            case .takenAll:
                if conversation.hasOutput { onAnswer() }
                return
            case .needsBytes: return
            case .blocked: return wait()
            case .ends: end()
            }
        }
    }

    // MARK: - Answers

    func complete(_ sequence: UInt64, with outcome: Outcome, servedBy server: NodeID) {
        guard stream.isOpen else { return }
        let before = conversation.answerBytes
        conversation.complete(sequence, with: outcome, servedBy: server)
        expectAnswers(like: conversation.answerBytes - before)
        onAnswer()
    }

    private func expectAnswers(like bytes: Int) {
        expectedAnswerBytes = max(bytes, expectedAnswerBytes - expectedAnswerBytes / 8, 1)
    }

    func confirm(_ sequence: UInt64) {
        guard stream.isOpen else { return }
        let before = conversation.answerBytes
        let count = conversation.confirm(sequence)
        if count > 0 { expectAnswers(like: (conversation.answerBytes - before) / count) }
        onAnswer()
    }

    func completeStatus(_ sequence: UInt64, _ text: [UInt8]) {
        conversation.completeStatus(sequence, text)
        onAnswer()
    }

    /// Nothing was done, for a reason that is nobody's fault.
    func refuse(_ sequence: UInt64, _ reason: String) {
        conversation.refuse(sequence, reason)
        onAnswer()
    }

    /// The conversation has something to say, or can go on.
    func onAnswer() {
        guard stream.isOpen else { return }
        // What the client does not take is bounded tightly, what one turn brings more widely: a burst of large
        // answers does not mean that the client does not read.
        let limit = clients.limits.outputBytesMax
        if stream.writeQueueBytes > limit || conversation.answerBytes > limit * 4 {
            stream.close()
        } else {
            clients.touch(self)
        }
    }

    /// Writes the answers of this turn.
    func endTurn() {
        isTouched = false
        guard stream.isOpen else { return }
        write(conversation.output)
        conversation.clearOutput()
        onWritten()
    }

    private func write(_ output: Output) {
        output.forEachPiece(bytes: { stream.write($0) }, shared: { stream.write(shared: $0) })
    }

    /// Writes the answers of this turn where they show nothing of what must be durable before.
    /// - Returns: whether that is so.
    func endTurnIfFree() -> Bool {
        guard held.isEmpty, !conversation.showsData else { return false }
        endTurn()
        return true
    }

    /// The answers of this turn must not leave yet.
    func holdTurn() {
        isTouched = false
        guard stream.isOpen else { return }
        held.append(conversation.output)
        heldBytes += conversation.output.count
        conversation.clearOutput()
        if phase == .serving, isClogged { pause() }
    }

    /// Those of the earliest turn that were held may leave.
    func releaseTurn() {
        guard stream.isOpen, !held.isEmpty else { return }
        let answers = held.removeFirst()
        heldBytes -= answers.count
        write(answers)
        onWritten()
    }

    private func onWritten() {
        switch phase {
        case .serving: if isClogged { pause() }
        case .paused, .waiting: if mayGoOn { clients.goOnNextTurn(self) }
        case .ending:
            // What waits to be written, in this turn or later, is to be written before.
            let isDone = conversation.openRequests == 0 && !conversation.isBlocked && !conversation.hasOutput
            if isDone, held.isEmpty { stream.shutdownAfterWrites() }
        }
    }

    // MARK: - Phases

    /// How many requests may be open: as many as will hardly bring more than `outputBytesAhead`.
    private var requestsMax: Int {
        max(1, min(clients.limits.outputBytesAhead / expectedAnswerBytes, clients.limits.pipelinedRequestsMax))
    }
    private var waitingBytes: Int { conversation.answerBytes + heldBytes + stream.writeQueueBytes }
    private var isClogged: Bool { waitingBytes > clients.limits.outputBytesToPause }
    private var mayGoOn: Bool {
        !isClogged && !conversation.isBlocked && conversation.openRequests <= requestsMax / 2
    }

    private func pause() {
        phase = .paused
        stream.pauseReading()
    }

    private func wait() {
        guard conversation.pendingBytes <= Self.readAheadMax else { return pause() }
        phase = .waiting
        if hasEnded { conversation.hurry() } else { stream.resumeReading() }
    }

    func goOn() {
        guard phase == .paused || phase == .waiting, stream.isOpen, mayGoOn else { return }
        phase = .serving
        serve()
        countInput()
        guard phase == .serving else { return }
        if hasEnded { return onEnd() }
        stream.resumeReading()
    }

    /// Takes no more requests; closes when all that it has are answered.
    private func end() {
        phase = .ending
        stream.pauseReading()
        clients.touch(self)
    }
}
