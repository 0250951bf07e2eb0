import Cluster
import Protocol
import UV

/// The clients of a node: takes connections in, hands their requests to the sink and its answers back.
///
/// What small pieces bring is taken up when a turn has read all that has come: call `serveArrivals` at its end, first of
/// all. Answers are gathered over a turn: call `flush` at its end, last of all. Requests are submitted while the
/// turn runs, never from within `flush()`, so what they set off still belongs to a turn that comes to its end.
final class Clients {
    private struct Place {
        var connection: ClientConnection?
        /// Of the next connection's first request.
        var nextSequence: UInt64 = 0
    }

    /// Named as who answers, where no other node served the request.
    let node: NodeID
    let limits: ClientLimits
    /// Without one, requests are answered as unavailable.
    var sink: (any RequestSink)?
    let loop: Loop
    /// What Redis clients have in common.
    let redis: RedisNode
    private(set) var count = 0
    /// Bytes that have come on all connections and are not taken up.
    private(set) var inputBytes = 0

    private let parser = JSONRequestParser()
    private var places: [Place] = []
    private var freePlaces: [Int] = []
    /// Connections with something to do at the end of the turn.
    private var touched: [ClientConnection] = []
    private var goingOn: [ClientConnection] = []
    private var arrivals = Arrivals()
    /// Turns that have ended and whose answers wait, in their order.
    private var held: [(ticket: Ticket, connections: [ClientConnection])] = []
    private var nextTurn: Timer?

    init(_ loop: Loop, node: NodeID, limits: ClientLimits = ClientLimits()) {
        precondition(limits.clientsMax <= ClientToken.placesMax)
        self.loop = loop
        redis = RedisNode(node)
        self.node = node
        self.limits = limits
        nextTurn = Timer(loop) { [unowned self] in goOn() }
    }

    deinit { nextTurn?.close() }

    /// Takes over a connection.
    /// - Parameters:
    ///   - firstBytes: what has been read of it, to be told what it speaks.
    ///   - kind: what it speaks.
    func admit(_ stream: UV.Stream, firstBytes: [UInt8], kind: ProtocolKind) {
        guard kind != .http else { return Refusal.refuse(stream, kind) }
        guard count < limits.clientsMax else { return refuse(stream, kind) }
        let place = takePlace()
        let connection = ClientConnection(stream, clients: self, place: place, conversation(kind, place))
        places[place].connection = connection
        count += 1
        connection.start(firstBytes: firstBytes)
    }

    /// Takes up what has come in this turn and was left for its end.
    func serveArrivals() {
        // Taken out: it is not to be changed while it calls.
        var arrived = Arrivals()
        swap(&arrived, &arrivals)
        arrived.serve(by: self)
        // Its memory is used again.
        if arrivals.isEmpty { swap(&arrived, &arrivals) }
    }

    /// Writes the answers of this turn: one write for each connection.
    /// - Parameter ticket: what must be durable before they leave (`release`); nil: nothing.
    func flush(behind ticket: Ticket? = nil) {
        guard !touched.isEmpty else { return }
        // Nothing overtakes what is held, durable or not: `release` has not seen that yet.
        if let ticket = ticket ?? held.last?.ticket {
            let holding = touched.filter { !$0.endTurnIfFree() }
            for connection in holding { connection.holdTurn() }
            if !holding.isEmpty { held.append((ticket, holding)) }
        } else {
            for connection in touched { connection.endTurn() }
        }
        touched.removeAll(keepingCapacity: true)
    }

    /// Whether answers of earlier turns wait.
    var isHolding: Bool { !held.isEmpty }

    /// Writes the answers that waited for this, or less, to be durable. To be called before the answers of a turn are
    /// written: no connection's answers overtake one another.
    func release(through durable: Ticket) {
        let count = held.prefix { $0.ticket <= durable }.count
        let turns = held.prefix(count)
        held.removeFirst(count)
        for turn in turns { for connection in turn.connections { connection.releaseTurn() } }
    }

    /// Closes every connection at once, answered or not, and lets go of the sink. The end.
    func closeAll() {
        sink = nil
        redis.ring = nil
        nextTurn?.close()
        nextTurn = nil
        for place in places { place.connection?.close() }
        held.removeAll()
    }

    // MARK: - For the connections

    func submit(_ operation: ClientOperation, token: UInt64) {
        guard let sink else {
            let unknown = operation.name?.isRetry == true ? "; outcome unknown" : ""
            return complete(token, with: .unavailable("this node stops" + unknown), servedBy: node)
        }
        sink.submit(operation, token: token)
    }

    func expect(_ requests: UnsafeBufferPointer<RequestView>) { sink?.expect(requests) }

    func carryOutAtOnce(_ requests: UnsafeBufferPointer<RequestView>, _ answer: (AnswerView) -> Bool) -> Int {
        sink?.carryOutAtOnce(requests, answer) ?? 0
    }

    func readTogether(
        _ requests: UnsafeBufferPointer<RequestView>, token: UInt64, _ answer: (AnswerView) -> Bool
    ) -> Int { sink?.readTogether(requests, token: token, answer) ?? 0 }

    func requestKeyCount(_ token: UInt64) {
        guard let sink else { return complete(token, with: .unavailable("this node stops"), servedBy: node) }
        sink.requestKeyCount(token: token)
    }

    func requestStatus(_ token: UInt64) {
        guard let sink else { return complete(token, with: .unavailable("this node stops"), servedBy: node) }
        sink.requestStatus(token: token)
    }

    func administer(_ text: String, token: UInt64) {
        guard let sink else { return complete(token, with: .unavailable("this node stops"), servedBy: node) }
        sink.administer(text, token: token)
    }

    /// The connections, in no order.
    var connections: some Sequence<ClientConnection> { places.lazy.compactMap(\.connection) }

    func connection(at place: Int) -> ClientConnection? { places[place].connection }

    func arrive(_ connection: ClientConnection) {
        arrivals.add(connection)
        if arrivals.isFull { serveArrivals() }
    }

    func touch(_ connection: ClientConnection) {
        guard !connection.isTouched else { return }
        connection.isTouched = true
        touched.append(connection)
    }

    /// One of the connections holds more now, or less.
    func countInput(_ change: Int) {
        inputBytes += change
        while change > 0, inputBytes > limits.inputBytesMax, let silent = longestSilent {
            silent.dropInput("this node holds \(inputBytes) bytes of unfinished requests, its limit; send it again")
        }
    }

    /// Of those that hold much.
    private var longestSilent: ClientConnection? {
        connections.filter(\.mayBeDropped).min { $0.lastRead < $1.lastRead }
    }

    func goOnNextTurn(_ connection: ClientConnection) {
        goingOn.append(connection)
        if let nextTurn, !nextTurn.isStarted { nextTurn.start(after: .zero) }
    }

    func remove(_ place: Int) {
        guard let connection = places[place].connection else { return }
        places[place] = Place(connection: nil, nextSequence: connection.nextSequence)
        freePlaces.append(place)
        count -= 1
    }

    // MARK: - Inside

    private func takePlace() -> Int {
        if let place = freePlaces.popLast() { return place }
        places.append(Place())
        return places.count - 1
    }

    private func goOn() {
        let connections = goingOn
        goingOn = []
        for connection in connections { connection.goOn() }
    }

    private func conversation(_ kind: ProtocolKind, _ place: Int) -> any Conversation {
        let first = places[place].nextSequence
        if kind == .resp { return RedisConversation(clients: self, place: place, firstSequence: first) }
        return JSONConversation(clients: self, place: place, firstSequence: first, parser: parser)
    }

    private func refuse(_ stream: UV.Stream, _ kind: ProtocolKind) {
        var answer = Array("-ERR max number of clients reached\r\n".utf8)
        if kind == .json {
            answer = []
            let fault = JSONFault("this node has \(count) clients, its limit", closes: true)
            JSONResponseWriter.write(JSONRequestError(fault), node: node, into: &answer)
        }
        stream.write(answer)
        stream.shutdownAfterWrites()
    }
}

extension Clients: Replies {
    func complete(_ token: UInt64, with outcome: Outcome, servedBy server: NodeID) {
        let token = ClientToken(rawValue: token)
        connection(of: token)?.complete(token.sequence, with: outcome, servedBy: server)
    }

    func confirm(_ token: UInt64) {
        let token = ClientToken(rawValue: token)
        connection(of: token)?.confirm(token.sequence)
    }

    /// Answers `requestStatus`.
    /// - Parameter text: JSON (`StatusReport.jsonText`).
    func completeStatus(_ token: UInt64, text: [UInt8]) {
        let token = ClientToken(rawValue: token)
        connection(of: token)?.completeStatus(token.sequence, text)
    }

    /// Answers `administer`.
    func complete(_ token: UInt64, with answer: AdministrationAnswer) {
        let token = ClientToken(rawValue: token)
        switch answer {
        case .done(let text): connection(of: token)?.completeStatus(token.sequence, Array(text.utf8))
        case .refused(let reason): connection(of: token)?.refuse(token.sequence, reason)
        }
    }

    /// Nil when it has closed; another one in its place does not know the sequence.
    private func connection(of token: ClientToken) -> ClientConnection? {
        places.indices.contains(token.place) ? places[token.place].connection : nil
    }
}
