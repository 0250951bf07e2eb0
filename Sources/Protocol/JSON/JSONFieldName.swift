/// The fields that the public protocol knows, in requests and in answers.
enum JSONFieldName: UInt8 {
    case type, key, value, timestamp, id, consistency, ttl, encoding
    case by, expect, `if`, client, seq, retry
    case version, status, error, node, length

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
        case .by: "by"
        case .expect: "expect"
        case .if: "if"
        case .client: "client"
        case .seq: "seq"
        case .retry: "retry"
        case .version: "version"
        case .status: "status"
        case .error: "error"
        case .node: "node"
        case .length: "length"
        }
    }

    /// The one name of that length and, where several have it, of that letter.
    private static func candidate(_ text: Span<UInt8>) -> JSONFieldName? {
        switch text.count {
        case 2: text[1] == UInt8(ascii: "d") ? .id : text[0] == UInt8(ascii: "b") ? .by : .if
        case 3: text[0] == UInt8(ascii: "k") ? .key : text[0] == UInt8(ascii: "t") ? .ttl : .seq
        case 4: text[0] == UInt8(ascii: "t") ? .type : .node
        case 5: text[0] == UInt8(ascii: "v") ? .value : text[0] == UInt8(ascii: "e") ? .error : .retry
        case 6: sixLetters(text)
        case 7: .version
        case 8: .encoding
        case 9: .timestamp
        case 11: .consistency
        default: nil
        }
    }

    private static func sixLetters(_ text: Span<UInt8>) -> JSONFieldName {
        switch text[0] {
        case UInt8(ascii: "s"): .status
        case UInt8(ascii: "e"): .expect
        case UInt8(ascii: "c"): .client
        default: .length
        }
    }
}
