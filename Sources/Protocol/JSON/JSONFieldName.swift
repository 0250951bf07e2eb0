/// The fields that the public protocol knows, in requests and in answers.
enum JSONFieldName: UInt16 {
    case type, key, value, timestamp, id, consistency, ttl, encoding
    case version, status, error, node

    /// Nil for a field that is not known.
    /// - Parameter text: the name, without quotes and escapes. Case matters.
    init?(_ text: Span<UInt8>) {
        guard let name = JSONFieldName.candidate(text) else { return nil }
        guard JSONText.equals(text, name.text) else { return nil }
        self = name
    }

    var text: StaticString {
        switch self {
        case .type: "type"
        case .key: "key"
        case .value: "value"
        case .timestamp: "timestamp"
        case .id: "id"
        case .consistency: "consistency"
        case .ttl: "ttl"
        case .encoding: "encoding"
        case .version: "version"
        case .status: "status"
        case .error: "error"
        case .node: "node"
        }
    }

    /// The one name of that length and, where two have it, of that first letter.
    private static func candidate(_ text: Span<UInt8>) -> JSONFieldName? {
        switch text.count {
        case 2: .id
        case 3: text[0] == UInt8(ascii: "k") ? .key : .ttl
        case 4: text[0] == UInt8(ascii: "t") ? .type : .node
        case 5: text[0] == UInt8(ascii: "v") ? .value : .error
        case 6: .status
        case 7: .version
        case 8: .encoding
        case 9: .timestamp
        case 11: .consistency
        default: nil
        }
    }
}
