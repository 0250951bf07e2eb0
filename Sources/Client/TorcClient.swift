import Protocol

/// A client of a ring. It talks to one server at a time, sends requests as they come, and goes on with
/// another server, given or learned from the ring, when its own fails. May be used from any task.
///
///     let client = try TorcClient(servers: ["localhost:8081"])
///     try await client.set("greeting", "hello")
///     let value = try await client.get("greeting")?.text
public final class TorcClient: Sendable {
    private let engine: Engine

    /// Connects with the first request.
    /// - Parameter servers: `host:port` of members of the ring, at least one; the first that answers is used.
    public init(servers: [String], options: ClientOptions = ClientOptions()) throws(TorcError) {
        var addresses: [NodeAddress] = []
        for server in servers {
            guard let address = NodeAddress(server) else {
                throw TorcError(.invalidRequest, "\(server) is not an address host:port")
            }
            addresses.append(address)
        }
        guard !addresses.isEmpty else { throw TorcError(.invalidRequest, "no server is given") }
        engine = try Engine(servers: addresses, options: options)
    }

    deinit { engine.close() }

    /// Ends what is under way, and the connection. Later requests fail.
    public func close() { engine.close() }

    /// The value of `key`, or nil where there is none.
    public func get(
        _ key: String, consistency: TorcConsistency = .quorum
    ) async throws(TorcError) -> TorcValue? {
        let answer = try await ask(.get, key, consistency)
        guard !answer.isNotFound, let bytes = answer.response.value else { return nil }
        return TorcValue(
            bytes: bytes, version: answer.response.version, timestamp: answer.response.timestamp,
            node: answer.response.node)
    }

    /// Gives `key` a value.
    /// - Parameter ttl: how long it lasts; for ever where it is nil.
    /// - Throws: `outcomeUnknown` where it was sent and no answer came: it is not sent a second time, which
    ///   might undo what another client wrote in between.
    @discardableResult
    public func set(
        _ key: String, _ value: [UInt8], ttl: Duration? = nil, consistency: TorcConsistency = .quorum
    ) async throws(TorcError) -> TorcReceipt {
        let set = Operation.set(value: value, ttlMilliseconds: ttl?.milliseconds)
        return TorcReceipt(try await ask(set, key, consistency))
    }

    @discardableResult
    public func set(
        _ key: String, _ value: String, ttl: Duration? = nil, consistency: TorcConsistency = .quorum
    ) async throws(TorcError) -> TorcReceipt {
        try await set(key, Array(value.utf8), ttl: ttl, consistency: consistency)
    }

    /// Takes `key` away, where it was there.
    /// - Throws: `outcomeUnknown`, as `set`.
    @discardableResult
    public func delete(
        _ key: String, consistency: TorcConsistency = .quorum
    ) async throws(TorcError) -> TorcReceipt {
        TorcReceipt(try await ask(.delete, key, consistency))
    }

    /// How the ring is.
    public func status() async throws(TorcError) -> TorcStatus {
        try await answer(to: JSONRequest(kind: .status)).status()
    }

    private func ask(
        _ operation: Operation, _ key: String, _ consistency: TorcConsistency
    ) async throws(TorcError) -> Answer {
        let request = JSONRequest(
            kind: .operation(operation), key: Array(key.utf8), consistency: consistency.word)
        let answer = try await answer(to: request)
        if let error = answer.error { throw error }
        return answer
    }
}

extension TorcClient {
    /// - Throws: only where there is no answer; one that says ERROR is returned.
    package func answer(to request: JSONRequest) async throws(TorcError) -> Answer {
        let outcome = await withCheckedContinuation { (continuation: CheckedContinuation<Exchange.Outcome, Never>) in
            submit(request) { continuation.resume(returning: $0) }
        }
        return try outcome.get()
    }

    /// The same for a thread that may be blocked: never from async code.
    package func awaitAnswer(to request: JSONRequest) throws(TorcError) -> Answer {
        let reply = Reply<Exchange.Outcome>()
        submit(request) { reply.deliver($0) }
        guard let result = reply.wait() else { throw TorcError(.closed, "the client was closed") }
        return try result.get()
    }

    private func submit(_ request: JSONRequest, finish: @escaping @Sendable (Exchange.Outcome) -> Void) {
        var bytes: [UInt8] = []
        do throws(JSONRequestError) {
            try request.write(to: &bytes)
        } catch {
            return finish(.failure(TorcError(.invalidRequest, error.message, cause: error)))
        }
        let isWrite = if case .operation(let operation) = request.kind { operation.isWrite } else { false }
        engine.submit(Exchange(bytes: bytes, isWrite: isWrite, asker: .caller(finish)))
    }
}

extension Answer {
    /// The status that it carries.
    package func status() throws(TorcError) -> TorcStatus {
        if let error { throw error }
        guard let status = response.value.flatMap(TorcStatus.init(json:)) else {
            throw TorcError(.unavailable, "unavailable: the server sent a status that cannot be read")
        }
        return status
    }
}

extension TorcReceipt {
    fileprivate init(_ answer: Answer) {
        self.init(
            version: answer.response.version, timestamp: answer.response.timestamp,
            node: answer.response.node)
    }
}
