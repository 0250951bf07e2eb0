/// The names that one object has had so far: none may come twice, known or not.
struct JSONFieldNames {
    private var known: UInt32 = 0
    private var others: [[UInt8]] = []
    private var count = 0

    /// Notes the name at `range`, quotes included.
    /// - Returns: the known field that it names, or nil for another one.
    mutating func take(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(JSONFault) -> JSONFieldName? {
        count += 1
        guard count <= Limits.jsonFieldsMax else { throw JSONFault("more than \(Limits.jsonFieldsMax) fields") }
        let inside = (range.lowerBound + 1)..<max(range.upperBound - 1, range.lowerBound + 1)
        if JSONText.plainEnd(bytes, from: inside.lowerBound, to: inside.upperBound) == inside.upperBound,
            range.count >= 2, let name = JSONFieldName(bytes.extracting(inside))
        {
            try note(name)
            return name
        }
        let text = try JSONText.decode(bytes, range)
        if let name = JSONFieldName(text.span) {
            try note(name)
            return name
        }
        guard !others.contains(text) else { throw JSONFault("duplicate field \"\(JSONText.excerpt(text))\"") }
        others.append(text)
        return nil
    }

    private mutating func note(_ name: JSONFieldName) throws(JSONFault) {
        guard known & (1 << name.rawValue) == 0 else { throw JSONFault("duplicate field \"\(name.text)\"") }
        known |= 1 << name.rawValue
    }
}
