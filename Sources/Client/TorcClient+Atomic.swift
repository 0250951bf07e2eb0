import Protocol

/// Operations that depend on what is there, each done in one step.
extension TorcClient {
    /// Adds to a value that is a 64-bit integer in decimal text; a missing one counts as 0. Its expiry stays.
    /// - Returns: what it came to.
    /// - Throws: `refused` where the value is no such number, or the sum would be out of range.
    @discardableResult
    public func increment(
        _ key: String, by amount: Int64 = 1, consistency: TorcConsistency = .quorum
    ) async throws(TorcError) -> TorcNumber {
        let answer = try await ask(.add(amount), key, consistency)
        let text = answer.response.value.flatMap { String(validating: $0, as: UTF8.self) }
        return try TorcNumber(text.flatMap { Int64($0) }, answer)
    }

    /// Puts bytes behind the value; a missing one counts as empty. Its expiry stays.
    /// - Returns: how many bytes the value has then.
    @discardableResult
    public func append(
        _ key: String, _ bytes: [UInt8], consistency: TorcConsistency = .quorum
    ) async throws(TorcError) -> TorcNumber {
        let answer = try await ask(.append(bytes), key, consistency)
        return try TorcNumber(answer.response.length, answer)
    }

    /// Adds to a value that is a decimal number, as Redis INCRBYFLOAT; a missing one counts as 0. Its expiry stays.
    /// - Parameter amount: a number as JSON writes it, such as `0.1` or `-3e2`.
    /// - Returns: what it came to, with up to 17 digits behind the point; nil where it was longer than the ring
    ///   remembers and the answer had to be asked for again.
    @discardableResult
    public func increment(
        _ key: String, byDecimal amount: String, consistency: TorcConsistency = .quorum
    ) async throws(TorcError) -> TorcValue? {
        let write = Write(.addDecimal(Array(amount.utf8)), for: .kept)
        return TorcValue(try await ask(.write(write), key, consistency).response)
    }

    /// Gives several keys of one `{tag}` their values in one step: all of them or none.
    @discardableResult
    public func setAll(
        _ values: [(key: String, value: [UInt8])], consistency: TorcConsistency = .quorum
    ) async throws(TorcError) -> TorcReceipt {
        let items = values.map { KeyedWrite(key: Array($0.key.utf8), write: Write(.set($0.value), for: .forever)) }
        return TorcReceipt(try await ask(.batch(items), values.first?.key ?? "", consistency))
    }

    /// Puts bytes into the value from `offset` on; zeros fill what is missing before it. Its expiry stays.
    /// - Returns: how many bytes the value has then.
    @discardableResult
    public func setRange(
        _ key: String, offset: UInt64, _ bytes: [UInt8], consistency: TorcConsistency = .quorum
    ) async throws(TorcError) -> TorcNumber {
        let write = Write(.overwrite(offset: offset, bytes), for: .kept)
        let answer = try await ask(.write(write), key, consistency)
        return try TorcNumber(answer.response.length, answer)
    }

    /// Has the value of `key` last for `ttl` from now on, or for ever where that is nil.
    /// - Returns: nil where there is no such key.
    @discardableResult
    public func expire(
        _ key: String, after ttl: Duration?, consistency: TorcConsistency = .quorum
    ) async throws(TorcError) -> TorcReceipt? {
        let write = Write(.keep, for: ttl.map { .milliseconds($0.milliseconds) } ?? .forever)
        let answer = try await ask(.write(write), key, consistency)
        return answer.isNotFound ? nil : TorcReceipt(answer)
    }

    /// Gives `key` a value and says what was there before.
    public func getAndSet(
        _ key: String, _ value: [UInt8], ttl: Duration? = nil, consistency: TorcConsistency = .quorum
    ) async throws(TorcError) -> TorcOld {
        let lifetime = ttl.map { Write.Lifetime.milliseconds($0.milliseconds) } ?? .forever
        return TorcOld(try await ask(.write(Write(.set(value), for: lifetime, answersOld: true)), key, consistency))
    }

    /// Takes `key` away and says what was there.
    public func getAndDelete(
        _ key: String, consistency: TorcConsistency = .quorum
    ) async throws(TorcError) -> TorcOld {
        TorcOld(try await ask(.write(Write(.delete, for: .forever, answersOld: true)), key, consistency))
    }

    /// Gives `key` a value, without expiry, if what is there is what is expected; else nothing changes.
    public func compareAndSet(
        _ key: String, expect expectation: TorcExpectation, _ value: [UInt8],
        consistency: TorcConsistency = .quorum
    ) async throws(TorcError) -> TorcSwap {
        let answer = try await ask(
            .compareAndSet(expect: try expectation.word(), value: value), key, consistency)
        if answer.isConflict { return .conflict(TorcValue(answer.response)) }
        return .done(TorcReceipt(answer))
    }
}

extension TorcNumber {
    fileprivate init(_ number: Int64?, _ answer: Answer) throws(TorcError) {
        guard let number else {
            throw TorcError(.unavailable, "unavailable: the server sent an answer without a number")
        }
        self.init(
            number: number, version: answer.response.version, timestamp: answer.response.timestamp,
            node: answer.response.node)
    }
}

extension TorcOld {
    fileprivate init(_ answer: Answer) {
        self.init(receipt: TorcReceipt(answer), value: answer.response.old, version: answer.response.oldVersion)
    }
}

extension TorcValue {
    /// Nil where the answer has no value.
    init?(_ response: JSONResponse) {
        guard let bytes = response.value else { return nil }
        self.init(
            bytes: bytes, version: response.version, timestamp: response.timestamp, node: response.node)
    }
}
