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
        JSONText.append(literal: "{\"type\":", to: &output)
        switch kind {
        case .status: JSONText.append("STATUS", to: &output)
        case .administration: JSONText.append("ADMIN", to: &output)
        case .operation(.get): JSONText.append("GET", to: &output)
        case .operation(.batch): JSONText.append("BATCH", to: &output)
        case .operation(.query), .operation(.transaction): break
        case .operation(.write(let write)): JSONText.append(write.jsonType, to: &output)
        }
    }

    private func write(_ operation: Operation, to output: inout [UInt8]) {
        if case .batch(let items) = operation {
            JSONText.appendValue(text(of: items), to: &output)
        } else {
            JSONText.append(literal: ",\"key\":", to: &output)
            JSONText.append(key.span, to: &output)
        }
        if case .write(let write) = operation { write.appendFields(to: &output) }
        if consistency != .quorum {
            JSONText.append(literal: ",\"consistency\":", to: &output)
            JSONText.append(consistency.name, to: &output)
        }
        if let name { write(name, to: &output) }
    }

    private func text(of items: [KeyedWrite]) -> [UInt8] {
        var text: [UInt8] = []
        for item in items {
            try? JSONRequest(kind: .operation(.write(item.write)), key: item.key).write(to: &text)
        }
        return text
    }

    private func check(_ items: [KeyedWrite]) throws(JSONFault) {
        guard (1...Limits.batchWritesMax).contains(items.count) else {
            throw JSONFault("a batch has 1 to \(Limits.batchWritesMax) writes")
        }
        for item in items {
            guard item.isRequired else { throw JSONFault("this operation has no form in JSON") }
            try JSONRequest(kind: .operation(.write(item.write)), key: item.key).check()
            guard Slot(key: item.key) == Slot(key: items[0].key) else {
                throw JSONFault("keys of a batch must be of one slot: give them one {tag}")
            }
        }
        try JSONRequestDraft.checkValue(text(of: items))
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
        switch operation {
        case .batch(let items): return try check(items)
        case .query, .transaction: throw JSONFault("this operation has no form in JSON")
        case .get, .write: break
        }
        try JSONRequestDraft.checkKey(key)
        guard JSONText.isUTF8(key) else { throw JSONFault("invalid UTF-8 in the key") }
        if case .write(let write) = operation { try write.checkJSON() }
        guard let name else { return }
        try JSONRequestDraft.checkClient(name.client)
        guard JSONText.isUTF8(name.client) else { throw JSONFault("invalid UTF-8 in the client") }
    }
}
