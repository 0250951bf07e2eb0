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

extension TorcValue {
    /// Nil where the answer has no value.
    init?(_ response: JSONResponse) {
        guard let bytes = response.value else { return nil }
        self.init(
            bytes: bytes, version: response.version, timestamp: response.timestamp, node: response.node)
    }
}
