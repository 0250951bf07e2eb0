/// Walks over the fields of one object, in order, and checks the grammar on its way.
///
/// Offsets come from `JSONScanner`; which bytes stand there, and that nothing but white space stands
/// between, is checked here, so that nothing depends on what exactly it counts as the start of a scalar.
struct JSONFields {
    private let indexes: UnsafeBufferPointer<UInt32>
    private var at = 0
    private var isFirst = true

    init(_ bytes: Span<UInt8>, scanner: JSONScanner) throws(JSONFault) {
        indexes = try scanner.index(bytes)
        try take(UInt8(ascii: "{"), in: bytes, or: "not an object")
    }

    /// The next field, or nil after the last one.
    mutating func next(in bytes: Span<UInt8>) throws(JSONFault) -> JSONField? {
        if byte(in: bytes) == UInt8(ascii: "}") {
            at += 1
            guard at == indexes.count else { throw JSONFault("bad JSON: more after the end of the object") }
            return nil
        }
        if !isFirst { try take(UInt8(ascii: ","), in: bytes, or: "a comma or } is missing between fields") }
        isFirst = false
        guard byte(in: bytes) == JSONText.quote else { throw JSONFault("bad JSON: a field without a name") }
        let name = try scalar(in: bytes)
        try take(UInt8(ascii: ":"), in: bytes, or: "a colon is missing after a field's name")
        return try field(named: name, in: bytes)
    }

    private mutating func field(named name: Range<Int>, in bytes: Span<UInt8>) throws(JSONFault) -> JSONField {
        switch byte(in: bytes) {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            return JSONField(name: name, kind: .nested, value: try skipNested(in: bytes))
        case JSONText.quote:
            return JSONField(name: name, kind: .string, value: try scalar(in: bytes))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let value = try scalar(in: bytes)
            guard JSONNumber.isNumber(bytes.extracting(value)) else {
                throw JSONFault("bad JSON: \(excerpt(bytes, value)) is not a number")
            }
            return JSONField(name: name, kind: .number, value: value)
        case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
            let value = try scalar(in: bytes)
            let text = bytes.extracting(value)
            if JSONText.equals(text, "null") { return JSONField(name: name, kind: .null, value: value) }
            guard JSONText.equals(text, "true") || JSONText.equals(text, "false") else {
                throw JSONFault("bad JSON: unknown word \(excerpt(bytes, value))")
            }
            return JSONField(name: name, kind: .boolean, value: value)
        case 0, UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","), UInt8(ascii: ":"):
            throw JSONFault("bad JSON: a field without a value")
        default:
            throw JSONFault("bad JSON: unknown word \(excerpt(bytes, try scalar(in: bytes)))")
        }
    }

    /// The byte at the next offset; 0, which no text in JSON has there, where there is none.
    private func byte(in bytes: Span<UInt8>) -> UInt8 {
        at < indexes.count && Int(indexes[at]) < bytes.count ? bytes[Int(indexes[at])] : 0
    }

    private mutating func take(_ wanted: UInt8, in bytes: Span<UInt8>, or message: StaticString) throws(JSONFault) {
        guard byte(in: bytes) == wanted else { throw JSONFault("bad JSON: \(message)") }
        // A bracket, colon or comma is one byte: what follows up to the next offset is white space, else it
        // would have an offset of its own.
        at += 1
    }

    /// The text from this offset to the next one, without white space at its end.
    private mutating func scalar(in bytes: Span<UInt8>) throws(JSONFault) -> Range<Int> {
        let start = Int(indexes[at])
        guard at + 1 < indexes.count else { throw JSONFault("bad JSON: the object has no end") }
        var end = min(Int(indexes[at + 1]), bytes.count)
        while end > start, JSONText.isWhiteSpace(bytes[end - 1]) { end -= 1 }
        at += 1
        return start..<end
    }

    private mutating func skipNested(in bytes: Span<UInt8>) throws(JSONFault) -> Range<Int> {
        let start = Int(indexes[at])
        var depth = 0
        while at < indexes.count {
            switch byte(in: bytes) {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            at += 1
            if depth == 0 { return start..<(Int(indexes[at - 1]) + 1) }
        }
        throw JSONFault("bad JSON: the object has no end")
    }

    private func excerpt(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        JSONText.excerpt(JSONText.copy(bytes, range))
    }
}
