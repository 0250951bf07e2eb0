import Protocol
import UV

/// A client that speaks the public protocol.
///
///     serving ── too many requests open, or the client does not read ──▶ paused
///        │    ◀──────── half of them answered, and the answers taken ──────┘
///        └── its input ends, or cannot be read on ──▶ ending ── all answered ──▶ closed
///
/// While paused nothing is read and nothing of what has been read is taken up. `Clients` owns it, and it
/// keeps `Clients` alive, until its stream has closed.
final class ClientConnection {
    private enum Phase { case serving, paused, ending }

    private let stream: UV.Stream
    private let clients: Clients
    private let place: Int
    private var reader: JSONRequestReader
    private var answers: AnswerQueue
    private var phase = Phase.serving
    /// How large an answer must be expected to be, by the latest ones: what bounds the requests that are
    /// taken up ahead, since nobody knows how much a GET will bring.
    private var expectedAnswerBytes: Int
    /// Whether `Clients` will call `endTurn`.
    var isTouched = false

    init(_ stream: UV.Stream, clients: Clients, place: Int, firstSequence: UInt64, parser: JSONRequestParser) {
        self.stream = stream
        self.clients = clients
        self.place = place
        reader = JSONRequestReader(parser: parser)
        answers = AnswerQueue(first: firstSequence)
        expectedAnswerBytes = clients.limits.firstAnswerBytes
    }

    /// The sequence of the next request in this place.
    var nextSequence: UInt64 { answers.tail }

    /// Starts to serve; `firstBytes` have been read already.
    func start(firstBytes: [UInt8]) {
        stream.onRead = { [unowned self] in onRead($0) }
        stream.onEnd = { [unowned self] in onEnd() }
        stream.onDrained = { [unowned self] in goOn() }
        stream.onClose = { [unowned self] _ in clients.remove(place) }
        firstBytes.withUnsafeBytes { onRead($0) }
    }

    func close() { stream.close() }

    // MARK: - Requests

    private func onRead(_ bytes: UnsafeRawBufferPointer) {
        guard phase == .serving else { return }
        reader.append(bytes)
        serve()
    }

    private func onEnd() {
        guard phase != .ending else { return }
        if reader.pendingBytes > 0 {
            refuse(JSONRequestError(JSONFault("bad JSON: the input ends within an object", closes: true)))
        }
        end()
    }

    /// Takes up what has been read.
    private func serve() {
        while phase == .serving, stream.isOpen {
            guard answers.count < requestsMax, !isClogged else { return pause() }
            do throws(JSONRequestError) {
                guard let request = try reader.next() else { return }
                submit(request)
            } catch {
                refuse(error)
                if error.closes { end() }
            }
        }
    }

    private func submit(_ request: JSONRequest) {
        let sequence = answers.append(request)
        let token = ClientToken(place: place, sequence: sequence).rawValue
        switch request.kind {
        case .operation(let operation):
            clients.submit(operation, of: request, token: token)
        case .status: clients.requestStatus(token)
        case .administration(let text): clients.administer(text, token: token)
        }
    }

    private func refuse(_ error: JSONRequestError) {
        answers.appendAnswer { JSONResponseWriter.write(error, node: clients.node, into: &$0) }
        onAnswer()
    }

    // MARK: - Answers

    func complete(_ sequence: UInt64, with outcome: Outcome, servedBy server: NodeID) {
        guard stream.isOpen else { return }
        let before = answers.bytes
        answers.answer(sequence) { request, output in
            JSONResponseWriter.write(outcome, to: request, node: server, into: &output)
        }
        expectedAnswerBytes = max(answers.bytes - before, expectedAnswerBytes - expectedAnswerBytes / 8, 1)
        onAnswer()
    }

    func completeStatus(_ sequence: UInt64, _ text: [UInt8]) {
        answers.answer(sequence) { request, output in
            JSONResponseWriter.write(status: text, to: request, node: clients.node, into: &output)
        }
        onAnswer()
    }

    /// Nothing was done, for a reason that is nobody's fault.
    func refuse(_ sequence: UInt64, _ reason: String) {
        answers.answer(sequence) { request, output in
            JSONResponseWriter.write(
                JSONRequestError(JSONFault(reason), id: request.id), node: clients.node, into: &output)
        }
        onAnswer()
    }

    /// What the client does not take is bounded tightly, what one turn brings more widely: a burst of large
    /// answers does not mean that the client does not read.
    private func onAnswer() {
        guard stream.isOpen else { return }
        let limit = clients.limits.outputBytesMax
        if stream.writeQueueBytes > limit || answers.bytes > limit * 4 {
            stream.close()
        } else {
            clients.touch(self)
        }
    }

    /// Writes the answers of this turn.
    func endTurn() {
        isTouched = false
        guard stream.isOpen else { return }
        stream.write(answers.output)
        answers.clearOutput()
        switch phase {
        case .serving: if isClogged { pause() }
        case .paused: if mayGoOn { clients.goOnNextTurn(self) }
        case .ending: if answers.isEmpty { stream.shutdownAfterWrites() }
        }
    }

    // MARK: - Phases

    /// How many requests may be open: as many as will hardly bring more than `outputBytesAhead`.
    private var requestsMax: Int {
        max(1, min(clients.limits.outputBytesAhead / expectedAnswerBytes, clients.limits.pipelinedRequestsMax))
    }
    private var waitingBytes: Int { answers.bytes + stream.writeQueueBytes }
    private var isClogged: Bool { waitingBytes > clients.limits.outputBytesToPause }
    private var mayGoOn: Bool {
        !isClogged && answers.count <= requestsMax / 2
    }

    private func pause() {
        phase = .paused
        stream.pauseReading()
    }

    func goOn() {
        guard phase == .paused, stream.isOpen, mayGoOn else { return }
        phase = .serving
        serve()
        if phase == .serving { stream.resumeReading() }
    }

    /// Takes no more requests; closes when all that it has are answered.
    private func end() {
        phase = .ending
        stream.pauseReading()
        clients.touch(self)
    }
}
