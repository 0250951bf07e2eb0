/// One field of an object: where its name and its value stand in the text.
struct JSONField {
    enum Kind {
        case string, number, boolean, null
        /// An object or an array; its inside has not been looked at.
        case nested

        var name: StaticString {
            switch self {
            case .string: "a string"
            case .number: "a number"
            case .boolean: "a boolean"
            case .null: "null"
            case .nested: "an object or array"
            }
        }
    }

    /// With its quotes.
    let name: Range<Int>
    let kind: Kind
    /// The value as it was written, a string with its quotes.
    let value: Range<Int>
}

extension JSONField {
    /// What the string says; for a field that must be one.
    func text(named name: JSONFieldName, in bytes: Span<UInt8>) throws(JSONFault) -> [UInt8] {
        guard kind == .string else { throw wrongType(name, wanted: "a string") }
        return try decode(in: bytes)
    }

    /// What the string says. An error names the field.
    func decode(in bytes: Span<UInt8>) throws(JSONFault) -> [UInt8] {
        do throws(JSONFault) {
            return try JSONText.decode(bytes, value)
        } catch {
            let name = try JSONText.decode(bytes, name)
            throw JSONFault("\(error.message) (field \"\(JSONText.excerpt(name))\")")
        }
    }

    func wrongType(_ name: JSONFieldName, wanted: StaticString) -> JSONFault {
        JSONFault("field \"\(name.text)\" must be \(wanted), not \(kind.name)")
    }
}
