extension JSONRequest {
    /// Appends the request as one line. A value that is not UTF-8 goes as base64.
    /// - Throws: when a node would refuse it: a key that is empty, too long or not UTF-8, a value too long.
    package func write(to output: inout [UInt8]) throws(JSONRequestError) {
        do throws(JSONFault) {
            try check()
        } catch {
            throw JSONRequestError(error, id: id)
        }
        writeType(to: &output)
        if let id {
            JSONText.append(literal: ",\"id\":", to: &output)
            output.append(contentsOf: id)
        }
        switch kind {
        case .operation(let operation): write(operation, to: &output)
        case .administration(let text): JSONText.appendValue(Array(text.utf8), to: &output)
        case .status: break
        }
        JSONText.append(literal: "}\n", to: &output)
    }

    private func writeType(to output: inout [UInt8]) {
        switch kind {
        case .status: JSONText.append(literal: "{\"type\":\"STATUS\"", to: &output)
        case .administration: JSONText.append(literal: "{\"type\":\"ADMIN\"", to: &output)
        case .operation(.get): JSONText.append(literal: "{\"type\":\"GET\"", to: &output)
        case .operation(.set): JSONText.append(literal: "{\"type\":\"SET\"", to: &output)
        case .operation(.delete): JSONText.append(literal: "{\"type\":\"DELETE\"", to: &output)
        case .operation(.add): JSONText.append(literal: "{\"type\":\"INCR\"", to: &output)
        case .operation(.append): JSONText.append(literal: "{\"type\":\"APPEND\"", to: &output)
        case .operation(.compareAndSet): JSONText.append(literal: "{\"type\":\"CAS\"", to: &output)
        }
    }

    private func write(_ operation: Operation, to output: inout [UInt8]) {
        JSONText.append(literal: ",\"key\":", to: &output)
        JSONText.append(key.span, to: &output)
        switch operation {
        case .get, .delete: break
        case .set(let value, let ttlMilliseconds):
            JSONText.appendValue(value, to: &output)
            if let ttlMilliseconds {
                JSONText.append(literal: ",\"ttl\":", to: &output)
                JSONNumber.append(seconds: ttlMilliseconds, to: &output)
            }
        case .add(let number):
            JSONText.append(literal: ",\"by\":", to: &output)
            JSONNumber.append(number, to: &output)
        case .append(let bytes): JSONText.appendValue(bytes, to: &output)
        case .compareAndSet(let expectation, let value): write(expectation, value, to: &output)
        }
        if consistency != .quorum {
            JSONText.append(literal: ",\"consistency\":", to: &output)
            JSONText.append(consistency.name, to: &output)
        }
        if let name { write(name, to: &output) }
    }

    /// Both values go in one encoding.
    private func write(_ expectation: Expectation, _ value: [UInt8], to output: inout [UInt8]) {
        var expected: [UInt8]?
        if case .value(let value) = expectation { expected = value }
        let isText = JSONText.isUTF8(value) && JSONText.isUTF8(expected ?? [])
        JSONText.append(literal: ",\"value\":", to: &output)
        JSONText.append(value, asText: isText, to: &output)
        switch expectation {
        case .absent: JSONText.append(literal: ",\"expect\":null", to: &output)
        case .value(let value):
            JSONText.append(literal: ",\"expect\":", to: &output)
            JSONText.append(value, asText: isText, to: &output)
        case .version(let version):
            JSONText.append(literal: ",\"if\":", to: &output)
            JSONText.append(version.description, to: &output)
        }
        if !isText { JSONText.append(literal: ",\"encoding\":\"base64\"", to: &output) }
    }

    private func write(_ name: RequestName, to output: inout [UInt8]) {
        JSONText.append(literal: ",\"client\":", to: &output)
        JSONText.append(name.client.span, to: &output)
        JSONText.append(literal: ",\"seq\":", to: &output)
        JSONNumber.append(name.sequence, to: &output)
        if name.isRetry { JSONText.append(literal: ",\"retry\":true", to: &output) }
    }

    private func check() throws(JSONFault) {
        guard case .operation(let operation) = kind else { return }
        try JSONRequestDraft.checkKey(key)
        guard JSONText.isUTF8(key) else { throw JSONFault("invalid UTF-8 in the key") }
        switch operation {
        case .get, .delete: break
        case .set(let value, _), .append(let value): try JSONRequestDraft.checkValue(value)
        case .add: break
        case .compareAndSet(let expectation, let value):
            try JSONRequestDraft.checkValue(value)
            if case .value(let expected) = expectation { try JSONRequestDraft.checkValue(expected) }
        }
        guard let name else { return }
        try JSONRequestDraft.checkClient(name.client)
        guard JSONText.isUTF8(name.client) else { throw JSONFault("invalid UTF-8 in the client") }
    }
}
