/// What the fields come to together.
extension JSONRequestDraft {
    /// The request, when nothing is wrong with it.
    /// - Parameter parser: for the writes of a batch; nil: it is one of them.
    func finish(_ parser: JSONRequestParser?) throws(JSONRequestError) -> JSONRequest {
        do throws(JSONFault) {
            if let fault { throw fault }
            let items = verb == .batch ? try items(parser) : []
            let kind = items.isEmpty ? try kind() : .operation(.batch(items))
            return JSONRequest(
                kind: kind, key: items.first?.key ?? key ?? [], consistency: consistency, id: id, name: try requestName())
        } catch {
            throw JSONRequestError(error, id: id, key: key)
        }
    }

    private func kind() throws(JSONFault) -> JSONRequest.Kind {
        guard let verb else { throw JSONFault("missing type") }
        if case .status = verb { return .status }
        if case .administration = verb { return .administration(String(decoding: try plainValue(), as: UTF8.self)) }
        guard key != nil else { throw JSONFault("missing key") }
        guard verb != .get else {
            // A condition is never passed over: who sends one relies on it.
            guard expectation == nil else { throw JSONFault("expect, if, if_absent and if_present are for writes") }
            return .operation(.get)
        }
        guard verb != .cas || expectation != nil else { throw JSONFault("missing expect or if") }
        return .operation(
            .write(
                Write(
                    try action(of: verb), if: try plainExpectation(), for: try lifetime(of: verb),
                    answersOld: answersOld)))
    }

    /// Those of a batch: requests, one after another, in `value`.
    private func items(_ parser: JSONRequestParser?) throws(JSONFault) -> [KeyedWrite] {
        guard let parser else { throw JSONFault("a batch within a batch") }
        guard key == nil else { throw JSONFault("a batch has no key of its own") }
        guard expectation == nil, !answersOld, ttl == nil, !keepsTTL else {
            throw JSONFault("conditions, ttl and get belong to the writes of a batch")
        }
        let reader = JSONRequestReader(parser: parser.forWrites)
        reader.append(try plainValue())
        var items: [KeyedWrite] = []
        while true {
            do throws(JSONRequestError) {
                guard let request = try reader.next() else { break }
                guard case .operation(.write(let write)) = request.kind, request.name == nil else {
                    throw JSONRequestError(JSONFault("only writes, without client and seq"))
                }
                items.append(KeyedWrite(key: request.key, write: write))
            } catch {
                throw JSONFault("write \(items.count) of the batch: \(error.message)")
            }
            guard items.count <= Limits.batchWritesMax else {
                throw JSONFault("a batch of more than \(Limits.batchWritesMax) writes")
            }
        }
        guard reader.pendingBytes == 0 else { throw JSONFault("write \(items.count) of the batch has no end") }
        guard let first = items.first else { throw JSONFault("a batch without writes") }
        let slot = Slot(key: first.key)
        guard items.allSatisfy({ Slot(key: $0.key) == slot }) else {
            throw JSONFault("keys of a batch must be of one slot: give them one {tag}")
        }
        return items
    }

    private func action(of verb: Verb) throws(JSONFault) -> Write.Action {
        switch verb {
        case .set, .cas: return .set(try plainValue())
        case .append: return .append(try plainValue())
        case .setRange:
            guard let offset else { throw JSONFault("missing offset") }
            return .overwrite(offset: offset, try plainValue())
        case .incr: return .add(try wholeAmount())
        case .incrByFloat:
            guard let amount else { throw JSONFault("missing by") }
            return .addDecimal(amount)
        case .expire: return .keep
        case .delete, .get, .batch, .status, .administration: return .delete
        }
    }

    private func wholeAmount() throws(JSONFault) -> Int64 {
        guard let amount else { return 1 }
        guard let number: Int64 = JSONNumber.integer(amount.span) else {
            throw JSONFault("by must be a whole number of at most 64 bits")
        }
        return number
    }

    private func lifetime(of verb: Verb) throws(JSONFault) -> Write.Lifetime {
        guard ttl == nil || !keepsTTL else { throw JSONFault("ttl and keep_ttl exclude each other") }
        switch (verb, ttl) {
        case (.delete, _): return .forever
        case (.expire, nil): throw JSONFault("missing ttl: a number of seconds, or null for ever")
        case (_, .forever): return .forever
        case (_, .milliseconds(let milliseconds)): return .milliseconds(milliseconds)
        case (.set, nil), (.cas, nil): return keepsTTL ? .kept : .forever
        case (_, nil): return .kept
        }
    }

    private func plainValue() throws(JSONFault) -> [UInt8] {
        guard let value else { throw JSONFault("missing value") }
        let plain = try plain(value, .value)
        try JSONRequestDraft.checkValue(plain)
        return plain
    }

    private func plainExpectation() throws(JSONFault) -> Expectation {
        guard let expectation else { return .any }
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
