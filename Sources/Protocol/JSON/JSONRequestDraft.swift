/// What is known of a request while its fields are read. The first thing that is wrong is kept, and reading
/// goes on, so that the answer can carry id and key wherever they stand.
struct JSONRequestDraft {
    private enum Verb { case get, set, delete, status }

    private(set) var id: [UInt8]?
    private(set) var key: [UInt8]?
    private var fault: JSONFault?
    private var verb: Verb?
    private var value: [UInt8]?
    private var isBase64 = false
    private var ttlMilliseconds: UInt64?
    private var consistency = Consistency.quorum
    private var names = JSONFieldNames()

    mutating func take(_ field: JSONField, in bytes: Span<UInt8>) {
        do throws(JSONFault) {
            let name = try names.take(bytes, field.name)
            try read(field, named: name, in: bytes)
        } catch {
            if fault == nil { fault = error }
        }
    }

    /// The error to answer with where the text cannot be read on.
    func error(_ fault: JSONFault) -> JSONRequestError { JSONRequestError(fault, id: id, key: key) }

    private mutating func read(_ field: JSONField, named name: JSONFieldName?, in bytes: Span<UInt8>) throws(JSONFault) {
        guard field.kind != .nested else {
            let text = try JSONText.decode(bytes, field.name)
            throw JSONFault("nesting: field \"\(JSONText.excerpt(text))\" must not be an object or array")
        }
        switch name {
        case .type: try readType(field, bytes)
        case .key: try readKey(field, bytes)
        case .value: value = try field.text(named: .value, in: bytes)
        case .timestamp: _ = try field.text(named: .timestamp, in: bytes)
        case .id: try readID(field, bytes)
        case .consistency: try readConsistency(field, bytes)
        case .ttl: try readTTL(field, bytes)
        case .encoding: try readEncoding(field, bytes)
        case .version, .status, .error, .node, nil:
            if field.kind == .string { _ = try field.decode(in: bytes) }
        }
    }

    // MARK: - Fields

    private mutating func readType(_ field: JSONField, _ bytes: Span<UInt8>) throws(JSONFault) {
        let type = try JSONWord(string: field, named: .type, in: bytes)
        if type.equals("get", in: bytes) {
            verb = .get
        } else if type.equals("set", in: bytes) {
            verb = .set
        } else if type.equals("delete", in: bytes) {
            verb = .delete
        } else if type.equals("status", in: bytes) {
            verb = .status
        } else if type.equals("response", in: bytes) {
            throw JSONFault("type RESPONSE is not a request")
        } else {
            throw JSONFault("unknown type \"\(type.excerpt(in: bytes))\"")
        }
    }

    private mutating func readKey(_ field: JSONField, _ bytes: Span<UInt8>) throws(JSONFault) {
        let text = try field.text(named: .key, in: bytes)
        try JSONRequestDraft.checkKey(text)
        key = text
    }

    static func checkKey(_ key: [UInt8]) throws(JSONFault) {
        guard !key.isEmpty else { throw JSONFault("empty key") }
        guard key.count <= Limits.keyBytesMax else {
            throw JSONFault("key of \(key.count) bytes is over the limit of \(Limits.keyBytesMax) bytes")
        }
    }

    static func checkValue(_ value: [UInt8]) throws(JSONFault) {
        guard value.count <= Limits.valueBytesMax else {
            throw JSONFault("value of \(value.count) bytes is over the limit of \(Limits.valueBytesMax) bytes")
        }
    }

    private mutating func readID(_ field: JSONField, _ bytes: Span<UInt8>) throws(JSONFault) {
        guard field.value.count <= Limits.jsonIDBytesMax else {
            throw JSONFault("id of \(field.value.count) bytes is over the limit of \(Limits.jsonIDBytesMax) bytes")
        }
        if field.kind == .string { _ = try field.decode(in: bytes) }
        id = JSONText.copy(bytes, field.value)
    }

    private mutating func readConsistency(_ field: JSONField, _ bytes: Span<UInt8>) throws(JSONFault) {
        let level = try JSONWord(string: field, named: .consistency, in: bytes)
        if level.equals("quorum", in: bytes) {
            consistency = .quorum
        } else if level.equals("one", in: bytes) {
            consistency = .one
        } else if level.equals("all", in: bytes) {
            consistency = .all
        } else {
            throw JSONFault("unknown consistency \"\(level.excerpt(in: bytes))\"; it is one, quorum or all")
        }
    }

    private mutating func readTTL(_ field: JSONField, _ bytes: Span<UInt8>) throws(JSONFault) {
        guard field.kind == .number else { throw field.wrongType(.ttl, wanted: "a number") }
        guard let milliseconds = JSONNumber.milliseconds(ofSeconds: bytes.extracting(field.value)) else {
            throw JSONFault("ttl must be a positive number of seconds, at most \(Limits.ttlSecondsMax)")
        }
        ttlMilliseconds = milliseconds
    }

    private mutating func readEncoding(_ field: JSONField, _ bytes: Span<UInt8>) throws(JSONFault) {
        let encoding = try JSONWord(string: field, named: .encoding, in: bytes)
        guard encoding.equals("base64", in: bytes) else {
            throw JSONFault("unknown encoding \"\(encoding.excerpt(in: bytes))\"; it is base64 or left out")
        }
        isBase64 = true
    }

    // MARK: - The whole

    /// The request, when nothing is wrong with it.
    func finish() throws(JSONRequestError) -> JSONRequest {
        do throws(JSONFault) {
            if let fault { throw fault }
            let kind = try kind()
            return JSONRequest(kind: kind, key: key ?? [], consistency: consistency, id: id)
        } catch {
            throw JSONRequestError(error, id: id, key: key)
        }
    }

    private func kind() throws(JSONFault) -> JSONRequest.Kind {
        guard let verb else { throw JSONFault("missing type") }
        if case .status = verb { return .status }
        guard key != nil else { throw JSONFault("missing key") }
        switch verb {
        case .status: return .status
        case .get: return .operation(.get)
        case .delete: return .operation(.delete)
        case .set: return .operation(.set(value: try plainValue(), ttlMilliseconds: ttlMilliseconds))
        }
    }

    private func plainValue() throws(JSONFault) -> [UInt8] {
        guard var value else { throw JSONFault("missing value") }
        if isBase64 {
            guard let plain = Base64.decode(value) else { throw JSONFault("bad base64 in field \"value\"") }
            value = plain
        }
        try JSONRequestDraft.checkValue(value)
        return value
    }
}
