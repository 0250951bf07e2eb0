/// Fields that only writes have.
extension JSONRequestDraft {
    mutating func readAmount(_ field: JSONField, _ bytes: Span<UInt8>) throws(JSONFault) {
        guard field.kind == .number else { throw field.wrongType(.by, wanted: "a number") }
        amount = JSONText.copy(bytes, field.value)
    }

    mutating func readOffset(_ field: JSONField, _ bytes: Span<UInt8>) throws(JSONFault) {
        guard field.kind == .number else { throw field.wrongType(.offset, wanted: "a number") }
        offset = JSONNumber.integer(bytes.extracting(field.value))
        guard offset != nil else { throw JSONFault("offset must be a whole number from 0 on, of at most 64 bits") }
    }

    func flag(_ field: JSONField, _ name: JSONFieldName, _ bytes: Span<UInt8>) throws(JSONFault) -> Bool {
        guard field.kind == .boolean else { throw field.wrongType(name, wanted: "true or false") }
        return JSONText.equals(bytes.extracting(field.value), "true")
    }

    mutating func readExpected(_ field: JSONField, _ bytes: Span<UInt8>) throws(JSONFault) {
        guard field.kind == .string || field.kind == .null else {
            throw field.wrongType(.expect, wanted: "a string, or null for no value")
        }
        try expect(field.kind == .null ? .absent : .value(try field.text(named: .expect, in: bytes)))
    }

    mutating func readExpectedVersion(_ field: JSONField, _ bytes: Span<UInt8>) throws(JSONFault) {
        let text = String(decoding: try field.text(named: .if, in: bytes), as: UTF8.self)
        guard let version = Version(text: text) else {
            throw JSONFault("if must be a version as an answer gave it, such as \"3.17\"")
        }
        try expect(.version(version))
    }

    mutating func expect(_ expectation: Expectation) throws(JSONFault) {
        guard self.expectation == nil else { throw JSONFault("expect, if, if_absent and if_present exclude each other") }
        self.expectation = expectation
    }

    mutating func readName(
        _ field: JSONField, _ name: JSONFieldName?, _ bytes: Span<UInt8>
    ) throws(JSONFault) {
        switch name {
        case .client:
            let text = try field.text(named: .client, in: bytes)
            try JSONRequestDraft.checkClient(text)
            client = text
        case .seq:
            guard field.kind == .number else { throw field.wrongType(.seq, wanted: "a number") }
            sequence = JSONNumber.integer(bytes.extracting(field.value))
            guard sequence != nil else { throw JSONFault("seq must be a whole number from 0 on, of at most 64 bits") }
        default:
            isRetry = try flag(field, .retry, bytes)
        }
    }

    static func checkClient(_ client: [UInt8]) throws(JSONFault) {
        guard !client.isEmpty else { throw JSONFault("empty client") }
        guard client.count <= Limits.clientNameBytesMax else {
            throw JSONFault("client of \(client.count) bytes is over the limit of \(Limits.clientNameBytesMax) bytes")
        }
    }
}
