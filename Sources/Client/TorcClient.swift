import Protocol
import Synchronization

/// A client of a ring. It talks to one server at a time, sends requests as they come, and goes on with
/// another server, given or learned from the ring, when its own fails. May be used from any task.
///
///     let client = try TorcClient(servers: ["localhost:8081"])
///     try await client.set("greeting", "hello")
///     let value = try await client.get("greeting")?.text
///
/// Every write bears the client's name and a number, so the ring knows it again when it is sent again: a write
/// whose server dies goes on with another one and takes effect once.
public final class TorcClient: Sendable {
    private let engine: Engine
    private let name: [UInt8]
    private let lastSequence = Atomic<UInt64>(0)

    /// Connects with the first request.
    /// - Parameter servers: `host:port` of members of the ring, at least one; the first that answers is used.
    public convenience init(
        servers: [String], options: ClientOptions = ClientOptions()
    ) throws(TorcError) {
        let number = UInt64.random(in: .min ... .max)
        try self.init(servers: servers, options: options, name: String(number, radix: 36))
    }

    /// - Parameter name: no other client has ever had it.
    init(servers: [String], options: ClientOptions, name: String) throws(TorcError) {
        self.name = Array(name.utf8)
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
        return TorcValue(answer.response)
    }

    /// Gives `key` a value.
    /// - Parameter ttl: how long it lasts; for ever where it is nil.
    /// - Throws: `outcomeUnknown` where it was sent and no server said in time what became of it.
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

    /// The answer, which may say that there is no such key or that a condition was not met.
    func ask(
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
        var request = request
        let isWrite = if case .operation(let operation) = request.kind { operation.isWrite } else { false }
        if isWrite, request.name == nil {
            let sequence = lastSequence.add(1, ordering: .relaxed).newValue
            request.name = RequestName(client: name, sequence: sequence, isRetry: false)
        }
        var bytes: [UInt8] = []
        do throws(JSONRequestError) {
            try request.write(to: &bytes)
        } catch {
            return finish(.failure(TorcError(.invalidRequest, error.message, cause: error)))
        }
        engine.submit(Exchange(bytes: bytes, isWrite: isWrite, isNamed: isWrite, asker: .caller(finish)))
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
    init(_ answer: Answer) {
        self.init(
            version: answer.response.version, timestamp: answer.response.timestamp,
            node: answer.response.node)
    }
}
