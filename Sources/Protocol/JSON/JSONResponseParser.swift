/// Reads one answer from the text of one object. Unknown fields are passed over, whatever they hold.
package struct JSONResponseParser {
    private let scanner = JSONScanner()

    package init() {}

    package func parse(_ bytes: Span<UInt8>) throws(JSONFault) -> JSONResponse {
        var response = JSONResponse()
        var names = JSONFieldNames()
        var isResponse = false
        var isBase64 = false
        var hasStatus = false
        var fields = try JSONFields(bytes, scanner: scanner)
        while let field = try fields.next(in: bytes) {
            guard let name = try names.take(bytes, field.name) else { continue }
            switch name {
            case .id: response.id = try id(field, bytes)
            case .key: response.key = try field.text(named: name, in: bytes)
            case .value:
                // A conflict with nothing.
                if field.kind != .null { response.value = try field.text(named: name, in: bytes) }
            case .length:
                guard field.kind == .number else { throw field.wrongType(name, wanted: "a number") }
                response.length = JSONNumber.integer(bytes.extracting(field.value))
            case .timestamp: response.timestamp = try text(field, bytes, name)
            case .version: response.version = try text(field, bytes, name)
            case .error: response.error = try text(field, bytes, name)
            case .node: response.node = try text(field, bytes, name)
            case .type:
                let type = try JSONWord(string: field, named: name, in: bytes)
                isResponse = type.equals("response", in: bytes)
            case .encoding:
                let encoding = try JSONWord(string: field, named: name, in: bytes)
                isBase64 = encoding.equals("base64", in: bytes)
            case .status:
                let status = try JSONWord(string: field, named: name, in: bytes)
                response.isSuccess = status.equals("success", in: bytes)
                hasStatus = true
            case .old:
                if field.kind != .null { response.old = try field.text(named: name, in: bytes) }
            case .oldVersion: response.oldVersion = try text(field, bytes, name)
            case .consistency, .ttl, .by, .offset, .expect, .if, .ifAbsent, .ifPresent, .keepTTL, .get, .client, .seq,
                .retry:
                break
            }
        }
        guard isResponse else { throw JSONFault("type is not RESPONSE") }
        guard hasStatus else { throw JSONFault("missing status") }
        if isBase64 {
            response.value = try plain(response.value, .value)
            response.old = try plain(response.old, .old)
        }
        return response
    }

    package func parse(_ bytes: [UInt8]) throws(JSONFault) -> JSONResponse { try parse(bytes.span) }

    private func plain(_ value: [UInt8]?, _ name: JSONFieldName) throws(JSONFault) -> [UInt8]? {
        guard let value else { return nil }
        guard let plain = Base64.decode(value) else { throw JSONFault("bad base64 in field \"\(name.text)\"") }
        return plain
    }

    private func id(_ field: JSONField, _ bytes: Span<UInt8>) throws(JSONFault) -> [UInt8] {
        guard field.kind != .nested else { throw JSONFault("field \"id\" must be a scalar") }
        return JSONText.copy(bytes, field.value)
    }

    private func text(_ field: JSONField, _ bytes: Span<UInt8>, _ name: JSONFieldName) throws(JSONFault) -> String {
        String(decoding: try field.text(named: name, in: bytes), as: UTF8.self)
    }
}
