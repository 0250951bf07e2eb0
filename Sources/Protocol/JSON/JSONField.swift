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
