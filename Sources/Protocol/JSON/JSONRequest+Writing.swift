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
        if case .operation(let operation) = kind { write(operation, to: &output) }
        JSONText.append(literal: "}\n", to: &output)
    }

    private func writeType(to output: inout [UInt8]) {
        switch kind {
        case .status: JSONText.append(literal: "{\"type\":\"STATUS\"", to: &output)
        case .operation(.get): JSONText.append(literal: "{\"type\":\"GET\"", to: &output)
        case .operation(.set): JSONText.append(literal: "{\"type\":\"SET\"", to: &output)
        case .operation(.delete): JSONText.append(literal: "{\"type\":\"DELETE\"", to: &output)
        case .operation(.add), .operation(.append), .operation(.compareAndSet): break  // `check` refuses them
        }
    }

    private func write(_ operation: Operation, to output: inout [UInt8]) {
        JSONText.append(literal: ",\"key\":", to: &output)
        JSONText.append(key.span, to: &output)
        if case .set(let value, let ttlMilliseconds) = operation {
            JSONText.appendValue(value, to: &output)
            if let ttlMilliseconds {
                JSONText.append(literal: ",\"ttl\":", to: &output)
                JSONNumber.append(seconds: ttlMilliseconds, to: &output)
            }
        }
        if consistency != .quorum {
            JSONText.append(literal: ",\"consistency\":", to: &output)
            JSONText.append(consistency.name, to: &output)
        }
    }

    private func check() throws(JSONFault) {
        guard case .operation(let operation) = kind else { return }
        try JSONRequestDraft.checkKey(key)
        guard JSONText.isUTF8(key) else { throw JSONFault("invalid UTF-8 in the key") }
        switch operation {
        case .get, .delete: break
        case .set(let value, _): try JSONRequestDraft.checkValue(value)
        case .add, .append, .compareAndSet: throw JSONFault("this operation has no JSON form")
        }
    }
}
