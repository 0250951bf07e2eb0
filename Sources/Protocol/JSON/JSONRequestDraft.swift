/// What is known of a request while its fields are read. The first thing that is wrong is kept, and reading
/// goes on, so that the answer can carry id and key wherever they stand.
struct JSONRequestDraft {
    enum Verb { case get, set, delete, incr, incrByFloat, append, setRange, cas, expire, batch, status, administration }
    /// What `ttl` says.
    enum TTL { case forever, milliseconds(UInt64) }

    var id: [UInt8]?
    var key: [UInt8]?
    var fault: JSONFault?
    var verb: Verb?
    var value: [UInt8]?
    var isBase64 = false
    var ttl: TTL?
    var keepsTTL = false
    var answersOld = false
    /// As it was written.
    var amount: [UInt8]?
    var offset: UInt64?
    var expectation: Expectation?
    var client: [UInt8]?
    var sequence: UInt64?
    var isRetry: Bool?
    var consistency = Consistency.quorum
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
        case .by: try readAmount(field, bytes)
        case .expect: try readExpected(field, bytes)
        case .if: try readExpectedVersion(field, bytes)
        case .ifAbsent: if try flag(field, .ifAbsent, bytes) { try expect(.absent) }
        case .ifPresent: if try flag(field, .ifPresent, bytes) { try expect(.present) }
        case .keepTTL: keepsTTL = try flag(field, .keepTTL, bytes)
        case .get: answersOld = try flag(field, .get, bytes)
        case .offset: try readOffset(field, bytes)
        case .client, .seq, .retry: try readName(field, name, bytes)
        case .version, .status, .error, .node, .length, .old, .oldVersion, nil:
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
        } else if type.equals("incr", in: bytes) {
            verb = .incr
        } else if type.equals("incrbyfloat", in: bytes) {
            verb = .incrByFloat
        } else if type.equals("setrange", in: bytes) {
            verb = .setRange
        } else if type.equals("expire", in: bytes) {
            verb = .expire
        } else if type.equals("batch", in: bytes) {
            verb = .batch
        } else if type.equals("append", in: bytes) {
            verb = .append
        } else if type.equals("cas", in: bytes) {
            verb = .cas
        } else if type.equals("status", in: bytes) {
            verb = .status
        } else if type.equals("admin", in: bytes) {
            verb = .administration
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
        guard field.kind != .null else { return ttl = .forever }
        guard field.kind == .number else { throw field.wrongType(.ttl, wanted: "a number") }
        guard let milliseconds = JSONNumber.milliseconds(ofSeconds: bytes.extracting(field.value)) else {
            throw JSONFault("ttl must be a positive number of seconds, at most \(Limits.ttlSecondsMax)")
        }
        ttl = .milliseconds(milliseconds)
    }

    private mutating func readEncoding(_ field: JSONField, _ bytes: Span<UInt8>) throws(JSONFault) {
        let encoding = try JSONWord(string: field, named: .encoding, in: bytes)
        guard encoding.equals("base64", in: bytes) else {
            throw JSONFault("unknown encoding \"\(encoding.excerpt(in: bytes))\"; it is base64 or left out")
        }
        isBase64 = true
    }
}
