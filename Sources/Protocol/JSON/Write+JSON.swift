/// How a write stands in a JSON request.
extension Write {
    var jsonType: String {
        switch action {
        case .set:
            switch condition {
            case .any, .present: "SET"
            default: "CAS"
            }
        case .delete: "DELETE"
        case .keep: "EXPIRE"
        case .add: "INCR"
        case .addDecimal: "INCRBYFLOAT"
        case .append: "APPEND"
        case .overwrite: "SETRANGE"
        case .setBit: "SETBIT"
        case .copy: "COPY"
        case .read: "GET"
        }
    }

    /// - Throws: what a node would refuse, and what has no form in JSON.
    package func checkJSON() throws(JSONFault) {
        if let bytes { try JSONRequestDraft.checkValue(bytes) }
        if case .value(let expected) = condition { try JSONRequestDraft.checkValue(expected) }
        if case .addDecimal(let text) = action, !JSONNumber.isNumber(text.span) { throw JSONFault("by must be a number") }
        if case .setBit = action { throw Write.noForm }
        if case .copy = action { throw Write.noForm }
        if case .read = action { throw Write.noForm }
        if case .until = lifetime { throw Write.noForm }
        if case .kept = lifetime, case .keep = action { throw Write.noForm }
        switch condition {
        case .lasting, .expiring, .expiringEarlier, .expiringLater, .endingLater: throw Write.noForm
        case .any, .absent, .present, .value, .version: break
        }
    }

    private static let noForm = JSONFault("this operation has no form in JSON")

    private var bytes: [UInt8]? {
        switch action {
        case .set(let content): content.bytes
        case .append(let value), .overwrite(_, let value): value
        case .delete, .keep, .read, .add, .addDecimal, .setBit, .copy: nil
        }
    }

    /// Values go in one encoding.
    func appendFields(to output: inout [UInt8]) {
        var expected: [UInt8]?
        if case .value(let value) = condition { expected = value }
        let isText = JSONText.isUTF8(bytes ?? []) && JSONText.isUTF8(expected ?? [])
        if let bytes {
            JSONText.append(literal: ",\"value\":", to: &output)
            JSONText.append(bytes, asText: isText, to: &output)
        }
        appendNumber(to: &output)
        appendCondition(asText: isText, to: &output)
        if !isText { JSONText.append(literal: ",\"encoding\":\"base64\"", to: &output) }
        appendLifetime(to: &output)
        if answersOld { JSONText.append(literal: ",\"get\":true", to: &output) }
    }

    private func appendNumber(to output: inout [UInt8]) {
        switch action {
        case .add(let number):
            JSONText.append(literal: ",\"by\":", to: &output)
            JSONNumber.append(number, to: &output)
        case .addDecimal(let text):
            JSONText.append(literal: ",\"by\":", to: &output)
            output.append(contentsOf: text)
        case .overwrite(let offset, _):
            JSONText.append(literal: ",\"offset\":", to: &output)
            JSONNumber.append(offset, to: &output)
        case .set, .delete, .keep, .read, .append, .setBit, .copy: break
        }
    }

    private func appendCondition(asText isText: Bool, to output: inout [UInt8]) {
        switch condition {
        case .absent where jsonType == "CAS": JSONText.append(literal: ",\"expect\":null", to: &output)
        case .absent: JSONText.append(literal: ",\"if_absent\":true", to: &output)
        case .present: JSONText.append(literal: ",\"if_present\":true", to: &output)
        case .value(let value):
            JSONText.append(literal: ",\"expect\":", to: &output)
            JSONText.append(value, asText: isText, to: &output)
        case .version(let version):
            JSONText.append(literal: ",\"if\":", to: &output)
            JSONText.append(version.description, to: &output)
        case .any, .lasting, .expiring, .expiringEarlier, .expiringLater, .endingLater: break
        }
    }

    private func appendLifetime(to output: inout [UInt8]) {
        switch (lifetime, action) {
        case (_, .delete), (_, .read), (.until, _): break
        case (.milliseconds(let milliseconds), _):
            JSONText.append(literal: ",\"ttl\":", to: &output)
            JSONNumber.append(seconds: milliseconds, to: &output)
        case (.forever, .set), (.kept, .append), (.kept, .add), (.kept, .addDecimal), (.kept, .overwrite),
            (.kept, .setBit), (.kept, .keep), (.kept, .copy):
            break
        case (.kept, .set): JSONText.append(literal: ",\"keep_ttl\":true", to: &output)
        case (.forever, _): JSONText.append(literal: ",\"ttl\":null", to: &output)
        }
    }
}
