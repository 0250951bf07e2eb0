import Protocol
import UV

/// The client's work, on its loop: one connection at a time, requests pipelined on it, answered in order.
///
///     idle ── request ──▶ connecting ──▶ connected
///      ▲                     │  ▲            │
///      └── no server left ───┘  └── broken ──┘   (only while requests wait)
///
/// - `waiting` may be sent to any server.
/// - `sent` has been, on the present connection. When that breaks, it waits again, before the others: reads,
///   and writes with a name, which then say that they come again. A write without a name ends with
///   `outcome unknown`: sent again, it could overwrite what another client wrote since.
final class Session {
    enum Link {
        case idle
        /// The number tells what is waited for from what comes late.
        case connecting(attempt: Int)
        case connected(NodeAddress, Stream)
    }

    /// Requests on the wire at a time; the others stay where they can still go to another server.
    static let sentMax = 1_024

    let loop: Loop
    let options: ClientOptions
    var servers: ServerList
    var link = Link.idle
    var attempts = 0
    var framer = JSONFramer()
    let parser = JSONResponseParser()
    var waiting = FIFO<Exchange>()
    var sent = FIFO<Exchange>()
    /// When the server was last heard, or had nothing to answer; milliseconds on the loop's clock.
    var heardAt: UInt64 = 0
    private(set) var ticker: Timer?
    private(set) var learner: Timer?

    init(_ loop: Loop, servers: [NodeAddress], options: ClientOptions) {
        self.loop = loop
        self.options = options
        self.servers = ServerList(servers)
        ticker = Timer(loop) { [unowned self] in onTick() }
        learner = Timer(loop) { [unowned self] in learn() }
    }

    var now: UInt64 { loop.now / 1_000_000 }

    /// Takes a request. Its time runs from now.
    func onRequest(_ exchange: Exchange) {
        var exchange = exchange
        exchange.deadline = now + options.timeout.milliseconds
        if case .idle = link, waiting.isEmpty { servers.beginRound() }
        waiting.append(exchange)
        sendWaiting()
        connectIfNeeded()
        startTicking()
    }

    /// Ends all requests. Nothing calls back after it.
    func close() {
        ticker?.close()
        learner?.close()
        if case .connected(_, let stream) = link {
            stream.onClose = nil
            stream.close()
        }
        link = .idle
        attempts += 1
        for exchange in waiting.remove() + sent.remove() { exchange.giveUp(.closed, "the client was closed") }
    }
}

// MARK: - Requests and answers

extension Session {
    func sendWaiting() {
        guard case .connected(_, let stream) = link, !waiting.isEmpty else { return }
        if sent.isEmpty { heardAt = now }
        var batch: [UInt8] = []
        while sent.count < Session.sentMax, var exchange = waiting.popFirst() {
            exchange.write(to: &batch)
            exchange.wasSent = true
            sent.append(exchange)
        }
        stream.write(batch)
    }

    func onBytes(_ bytes: UnsafeRawBufferPointer) {
        heardAt = now
        framer.append(bytes)
        do throws(JSONFault) {
            while let answer = try nextAnswer() {
                guard let exchange = sent.popFirst() else { throw JSONFault("an answer to no request") }
                servers.beginRound()
                deliver(answer, to: exchange)
            }
        } catch {
            return onBroken("it does not answer as a node does: \(error.message)", cause: error)
        }
        sendWaiting()
    }

    private func nextAnswer() throws(JSONFault) -> Answer? {
        switch framer.next() {
        case nil: return nil
        case .fault(let fault): throw fault
        case .object(let range):
            let response = try parser.parse(framer.bytes.span.extracting(range))
            return Answer(text: Array(framer.bytes[range]), response: response)
        }
    }

    private func deliver(_ answer: Answer, to exchange: Exchange) {
        switch exchange.asker {
        case .caller(let finish): finish(.success(answer))
        case .session: onLearned(answer)
        }
    }
}

// MARK: - Other servers

extension Session {
    /// Asks which servers there are, when nobody else waits for an answer.
    private func learn() {
        guard case .connected = link, sent.isEmpty, waiting.isEmpty else { return }
        var bytes: [UInt8] = []
        guard (try? JSONRequest(kind: .status).write(to: &bytes)) != nil else { return }
        onRequest(Exchange(bytes: bytes, isWrite: false, asker: .session))
    }

    /// Those that are alive come first. A server that cannot tell is no reason to leave it.
    private func onLearned(_ answer: Answer) {
        guard let status = answer.response.value.flatMap(TorcStatus.init(json:)) else { return }
        let members = status.nodes.filter { $0.status != "gone" }
        let alive = members.filter { $0.liveness == "alive" }
        let others = members.filter { $0.liveness != "alive" }
        servers.learn((alive + others).compactMap { NodeAddress($0.addr) })
    }
}
