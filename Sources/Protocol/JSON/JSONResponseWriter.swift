/// Writes the answers of the public protocol, each as one line. Fields come in one order, and those that do
/// not apply are left out.
package enum JSONResponseWriter {
    /// - Parameter node: the node that served the request.
    package static func write(
        _ outcome: Outcome, to request: JSONRequest, node: NodeID, into output: inout [UInt8]
    ) {
        begin(id: request.id, key: request.key, &output)
        switch outcome {
        case .found(let entry):
            JSONText.appendValue(entry.value, to: &output)
            write(entry.timestamp, entry.version, &output)
            succeed(&output)
        case .written(let version, let timestamp, let result):
            write(result, request.kind, &output)
            write(timestamp, version, &output)
            succeed(&output)
        case .notFound: fail("key not found", &output)
        case .answer: fail("this answer has no form in JSON", &output)
        case .conflict(.nothing) where request.kind.isChangeOfExpiry: fail("key not found", &output)
        case .conflict(let present):
            write(present, &output)
            fail("conflict", &output)
        case .batch(let version, let timestamp, let answers):
            JSONText.appendValue(text(of: answers, version, timestamp, to: request, node), to: &output)
            write(timestamp, version, &output)
            succeed(&output)
        case .aborted(let index, let answer):
            writeAborted(index, answer, request, &output)
        case .refused(let fault): fail("refused: " + fault.message, &output)
        case .busy(let reason): fail("busy: " + reason, &output)
        case .unavailable(let reason): fail("unavailable: " + reason, &output)
        }
        end(node, &output)
    }

    package static func write(_ error: JSONRequestError, node: NodeID, into output: inout [UInt8]) {
        begin(id: error.id, key: error.key ?? [], &output)
        fail(error.message, &output)
        end(node, &output)
    }

    /// The answer to `status`.
    /// - Parameter status: a JSON text; it is carried as a string.
    package static func write(
        status: [UInt8], to request: JSONRequest, node: NodeID, into output: inout [UInt8]
    ) {
        begin(id: request.id, key: request.key, &output)
        JSONText.appendValue(status, to: &output)
        succeed(&output)
        end(node, &output)
    }

    private static func begin(id: [UInt8]?, key: [UInt8], _ output: inout [UInt8]) {
        JSONText.append(literal: "{\"type\":\"RESPONSE\"", to: &output)
        if let id {
            JSONText.append(literal: ",\"id\":", to: &output)
            output.append(contentsOf: id)
        }
        guard !key.isEmpty else { return }
        JSONText.append(literal: ",\"key\":", to: &output)
        JSONText.append(key.span, to: &output)
    }

    /// The answers of a batch, each as it would be alone, on a line.
    private static func text(
        of answers: [WriteAnswer], _ version: Version, _ timestamp: Timestamp, to request: JSONRequest, _ node: NodeID
    ) -> [UInt8] {
        guard case .operation(.batch(let items)) = request.kind else { return [] }
        var text: [UInt8] = []
        for (item, answer) in zip(items, answers) {
            let request = JSONRequest(kind: .operation(.write(item.write)), key: item.key)
            let outcome: Outcome
            switch answer {
            case .written(let result): outcome = .written(version: version, timestamp: timestamp, result: result)
            case .conflict(let present): outcome = .conflict(present)
            case .refused(let fault): outcome = .refused(fault)
            case .batch, .aborted: continue
            }
            write(outcome, to: request, node: node, into: &text)
        }
        return text
    }

    /// As the write that was in the way would be answered, with its place.
    private static func writeAborted(
        _ index: UInt32, _ answer: WriteAnswer, _ request: JSONRequest, _ output: inout [UInt8]
    ) {
        JSONText.append(literal: ",\"index\":", to: &output)
        JSONNumber.append(UInt64(index), to: &output)
        switch answer {
        case .conflict(let present):
            write(present, &output)
            fail("conflict", &output)
        case .refused(let fault): fail("refused: " + fault.message, &output)
        case .written, .batch, .aborted: fail("conflict", &output)
        }
    }

    /// What an increment came to, as GET would tell it; how long a value has become; what was there before.
    private static func write(_ result: WriteResult, _ kind: JSONRequest.Kind, _ output: inout [UInt8]) {
        switch result {
        case .none, .value(nil): break
        case .value(let value?): JSONText.appendValue(value, to: &output)
        case .number(let number):
            if case .operation(.write(let write)) = kind, case .add = write.action {
                JSONText.append(literal: ",\"value\":\"", to: &output)
                JSONNumber.append(number, to: &output)
                output.append(JSONText.quote)
            } else {
                JSONText.append(literal: ",\"length\":", to: &output)
                JSONNumber.append(number, to: &output)
            }
        case .old(.nothing): JSONText.append(literal: ",\"old\":null", to: &output)
        case .old(let present):
            if case .entry(let entry) = present { JSONText.append(entry.value, as: ",\"old\":", to: &output) }
            guard let version = present.version else { return }
            write(version, as: ",\"old_version\":\"", &output)
        }
    }

    /// What a compare-and-set met.
    private static func write(_ present: Present, _ output: inout [UInt8]) {
        switch present {
        case .nothing: JSONText.append(literal: ",\"value\":null", to: &output)
        case .entry(let entry):
            JSONText.appendValue(entry.value, to: &output)
            write(entry.timestamp, entry.version, &output)
        case .replaced(let version): write(version, &output)
        }
    }

    private static func write(_ timestamp: Timestamp, _ version: Version, _ output: inout [UInt8]) {
        JSONText.append(literal: ",\"timestamp\":\"", to: &output)
        timestamp.appendRFC3339(to: &output)
        output.append(JSONText.quote)
        write(version, &output)
    }

    private static func write(
        _ version: Version, as name: StaticString = ",\"version\":\"", _ output: inout [UInt8]
    ) {
        JSONText.append(literal: name, to: &output)
        JSONNumber.append(UInt64(version.epoch), to: &output)
        output.append(UInt8(ascii: "."))
        JSONNumber.append(version.sequence, to: &output)
        output.append(JSONText.quote)
    }

    private static func succeed(_ output: inout [UInt8]) {
        JSONText.append(literal: ",\"status\":\"SUCCESS\"", to: &output)
    }

    private static func fail(_ message: String, _ output: inout [UInt8]) {
        JSONText.append(literal: ",\"status\":\"ERROR\",\"error\":", to: &output)
        JSONText.append(message, to: &output)
    }

    /// A node's name needs no escapes.
    private static func end(_ node: NodeID, _ output: inout [UInt8]) {
        JSONText.append(literal: ",\"node\":\"", to: &output)
        output.append(contentsOf: node.text.utf8)
        JSONText.append(literal: "\"}\n", to: &output)
    }
}

extension JSONRequest.Kind {
    /// It needs a value, without saying so.
    fileprivate var isChangeOfExpiry: Bool {
        if case .operation(.write(let write)) = self { write.action == .keep && write.condition == .any } else { false }
    }
}
