/// What the fields come to together.
extension JSONRequestDraft {
    /// The request, when nothing is wrong with it.
    func finish() throws(JSONRequestError) -> JSONRequest {
        do throws(JSONFault) {
            if let fault { throw fault }
            let kind = try kind()
            return JSONRequest(
                kind: kind, key: key ?? [], consistency: consistency, id: id, name: try requestName())
        } catch {
            throw JSONRequestError(error, id: id, key: key)
        }
    }

    private func kind() throws(JSONFault) -> JSONRequest.Kind {
        guard let verb else { throw JSONFault("missing type") }
        if case .status = verb { return .status }
        if case .administration = verb { return .administration(String(decoding: try plainValue(), as: UTF8.self)) }
        guard key != nil else { throw JSONFault("missing key") }
        // Conditions are never passed over: who sends one relies on it.
        guard verb == .cas || expectation == nil else { throw JSONFault("expect and if are for CAS") }
        switch verb {
        case .status, .administration: return .status
        case .get: return .operation(.get)
        case .delete: return .operation(.delete)
        case .set: return .operation(.set(value: try plainValue(), ttlMilliseconds: ttlMilliseconds))
        case .incr: return .operation(.add(amount ?? 1))
        case .append: return .operation(.append(try plainValue()))
        case .cas:
            guard ttlMilliseconds == nil else { throw JSONFault("ttl is for SET") }
            return .operation(.compareAndSet(expect: try plainExpectation(), value: try plainValue()))
        }
    }

    private func plainValue() throws(JSONFault) -> [UInt8] {
        guard let value else { throw JSONFault("missing value") }
        let plain = try plain(value, .value)
        try JSONRequestDraft.checkValue(plain)
        return plain
    }

    private func plainExpectation() throws(JSONFault) -> Expectation {
        guard let expectation else { throw JSONFault("missing expect or if") }
        guard case .value(let value) = expectation else { return expectation }
        let plain = try plain(value, .expect)
        try JSONRequestDraft.checkValue(plain)
        return .value(plain)
    }

    private func plain(_ value: [UInt8], _ name: JSONFieldName) throws(JSONFault) -> [UInt8] {
        guard isBase64 else { return value }
        guard let plain = Base64.decode(value) else { throw JSONFault("bad base64 in field \"\(name.text)\"") }
        return plain
    }

    private func requestName() throws(JSONFault) -> RequestName? {
        guard client != nil || sequence != nil || isRetry != nil else { return nil }
        guard let client, let sequence else { throw JSONFault("client and seq belong together, and retry to both") }
        return RequestName(client: client, sequence: sequence, isRetry: isRetry ?? false)
    }
}
