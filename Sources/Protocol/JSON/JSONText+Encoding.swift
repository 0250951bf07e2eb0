extension JSONText {
    /// Appends `text`, which is UTF-8, as a string with its quotes. Runs that need no escape are copied whole.
    static func append(_ text: Span<UInt8>, to output: inout [UInt8]) {
        output.append(quote)
        var at = 0
        while true {
            let stop = plainEnd(text, from: at, to: text.count)
            text.extracting(at..<stop).withUnsafeBufferPointer { output.append(contentsOf: $0) }
            if stop == text.count { break }
            appendEscape(of: text[stop], to: &output)
            at = stop + 1
        }
        output.append(quote)
    }

    /// Appends `text` as a string with its quotes.
    package static func append(_ text: String, to output: inout [UInt8]) {
        append(Array(text.utf8).span, to: &output)
    }

    /// Appends the field `value`, preceded by a comma; as base64, with the field that says so, where it is not
    /// UTF-8.
    static func appendValue(_ value: [UInt8], to output: inout [UInt8]) {
        append(value, as: ",\"value\":", to: &output)
    }

    /// - Parameter name: of the field, with comma, quotes and colon.
    static func append(_ value: [UInt8], as name: StaticString, to output: inout [UInt8]) {
        append(literal: name, to: &output)
        if isUTF8(value) {
            append(value.span, to: &output)
        } else {
            output.append(quote)
            Base64.append(value, to: &output)
            append(literal: "\",\"encoding\":\"base64\"", to: &output)
        }
    }

    /// Appends `value` as a string with its quotes: as it is, being UTF-8, or as base64.
    static func append(_ value: [UInt8], asText isText: Bool, to output: inout [UInt8]) {
        guard !isText else { return append(value.span, to: &output) }
        output.append(quote)
        Base64.append(value, to: &output)
        output.append(quote)
    }

    /// Appends `literal` as it stands.
    static func append(literal: StaticString, to output: inout [UInt8]) {
        output.append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    private static func appendEscape(of byte: UInt8, to output: inout [UInt8]) {
        switch byte {
        case quote: append(literal: "\\\"", to: &output)
        case backslash: append(literal: "\\\\", to: &output)
        case 0x08: append(literal: "\\b", to: &output)
        case 0x0C: append(literal: "\\f", to: &output)
        case 0x0A: append(literal: "\\n", to: &output)
        case 0x0D: append(literal: "\\r", to: &output)
        case 0x09: append(literal: "\\t", to: &output)
        default:
            append(literal: "\\u00", to: &output)
            output.append(hexadecimalDigit(byte >> 4))
            output.append(hexadecimalDigit(byte & 0xF))
        }
    }

    private static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
