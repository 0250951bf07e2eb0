import Protocol

/// A client that speaks the public protocol.
final class JSONConversation: Conversation {
    /// Kept by the connection, which keeps this.
    private unowned(unsafe) let clients: Clients
    private let place: Int
    private let parser: JSONRequestParser
    private var reader: JSONRequestReader
    private var writer: JSONPlainWriter
    /// Plain requests that are found ahead, and all others; one of them has none.
    private var plain = LookAhead()
    private var ahead = JSONLookAhead()
    private var answers: AnswerQueue<JSONRequest>

    init(clients: Clients, place: Int, firstSequence: UInt64, parser: JSONRequestParser) {
        self.clients = clients
        self.place = place
        self.parser = parser
        reader = JSONRequestReader(parser: parser)
        writer = JSONPlainWriter(node: clients.node)
        answers = AnswerQueue(first: firstSequence)
    }

    var openRequests: Int { answers.count }
    var answerBytes: Int { answers.bytes }
    var hasOutput: Bool { answers.hasOutput }
    var output: Output { answers.output }
    var showsData: Bool { hasOutput }
    var isBlocked: Bool { false }
    var nextSequence: UInt64 { answers.tail }
    var pendingBytes: Int { reader.pendingBytes + ahead.bytes }

    func append(_ bytes: UnsafeRawBufferPointer) {
        reader.append(bytes)
        plain.removeAll()
    }

    func clearOutput() { answers.clearOutput() }
    func close() {}
    func hurry() {}

    func lookAhead(_ see: (RequestView) -> Void) {
        if ahead.isEmpty { plain.showOnly(in: reader, see) }
    }

    func takeNext() -> ConversationStep {
        if ahead.isEmpty, plain.look(into: reader) {
            takePlain()
            return reader.pendingBytes == 0 ? .takenAll : .taken
        }
        do throws(JSONRequestError) {
            guard let item = try ahead.next(of: reader, clients.expect) else { return .needsBytes }
            submit(item.request, item.slot)
        } catch {
            refuse(error)
            if error.closes { return .ends }
        }
        return .taken
    }

    func endInput() {
        guard pendingBytes > 0 else { return }
        refuse(JSONRequestError(JSONFault("bad JSON: the input ends within an object", closes: true)))
    }

    func dropInput(_ reason: String) {
        reader = JSONRequestReader(parser: parser)
        plain.removeAll()
        ahead = JSONLookAhead()
        refuse(JSONRequestError(JSONFault(reason, closes: true)))
    }

    /// Carries out as many plain requests as can be at once; where that is none, submits one.
    private func takePlain() {
        var count = 0
        if answers.isEmpty {
            answers.appendAnswer { output in
                count = plain.carryOut(in: reader, gets: .quorum, sets: .quorum, by: clients) { request, answer in
                    writer.write(answer, key: request.key, into: &output.bytes)
                    return output.count
                }
            }
        } else {
            plain.expect(in: reader, by: clients)
        }
        if count == 0 { submitPlain() } else { passTaken() }
    }

    private func submitPlain() {
        guard let item = plain.waiting.first else { return }
        let operation = item.command.value.map { Operation.write(Write(.set(reader.bytes(in: $0)), for: .forever)) } ?? .get
        let request = JSONRequest(kind: .operation(operation), key: reader.bytes(in: item.command.key))
        plain.take(1)
        passTaken()
        submit(request, item.slot)
    }

    private func passTaken() {
        if let last = plain.lastTaken { reader.skip(last.command) }
    }

    private func submit(_ request: JSONRequest, _ slot: Slot) {
        let token = ClientToken(place: place, sequence: answers.append(request)).rawValue
        switch request.kind {
        case .operation(let operation):
            clients.submit(
                ClientOperation(
                    operation: operation, key: request.key, slot: slot, consistency: request.consistency,
                    name: request.name),
                token: token)
        case .status: clients.requestStatus(token)
        case .administration(let text): clients.administer(text, token: token)
        }
    }

    private func refuse(_ error: JSONRequestError) {
        answers.appendAnswer { JSONResponseWriter.write(error, node: clients.node, into: &$0.bytes) }
    }

    // MARK: Answers

    func complete(_ sequence: UInt64, with outcome: Outcome, servedBy server: NodeID) {
        answers.answer(sequence) { request, output in
            JSONResponseWriter.write(outcome, to: request, node: server, into: &output.bytes)
        }
    }

    /// Nothing is carried out together here.
    func confirm(_ sequence: UInt64) -> Int { 0 }

    func completeStatus(_ sequence: UInt64, _ text: [UInt8]) {
        answers.answer(sequence) { request, output in
            JSONResponseWriter.write(status: text, to: request, node: clients.node, into: &output.bytes)
        }
    }

    func refuse(_ sequence: UInt64, _ reason: String) {
        answers.answer(sequence) { request, output in
            JSONResponseWriter.write(
                JSONRequestError(JSONFault(reason), id: request.id), node: clients.node, into: &output.bytes)
        }
    }
}
