/// A string that is one of a few words, without regard to case: compared where it stands, and copied only
/// where it has escapes.
struct JSONWord {
    /// Without quotes.
    private let range: Range<Int>
    private let decoded: [UInt8]?

    init(string field: JSONField, named name: JSONFieldName, in bytes: Span<UInt8>) throws(JSONFault) {
        guard field.kind == .string else { throw field.wrongType(name, wanted: "a string") }
        range = (field.value.lowerBound + 1)..<max(field.value.upperBound - 1, field.value.lowerBound + 1)
        let isPlain = JSONText.plainEnd(bytes, from: range.lowerBound, to: field.value.upperBound) == range.upperBound
        decoded = isPlain && bytes[range.upperBound] == JSONText.quote ? nil : try field.decode(in: bytes)
    }

    /// - Parameter word: in lower case.
    func equals(_ word: StaticString, in bytes: Span<UInt8>) -> Bool {
        if let decoded { return JSONText.equalsIgnoringCase(decoded.span, word) }
        return JSONText.equalsIgnoringCase(bytes.extracting(range), word)
    }

    func excerpt(in bytes: Span<UInt8>) -> String {
        JSONText.excerpt(decoded ?? JSONText.copy(bytes, range))
    }
}
