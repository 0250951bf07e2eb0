/// The fields that the public protocol knows, in requests and in answers.
enum JSONFieldName: UInt8 {
    case type, key, value, timestamp, id, consistency, ttl, encoding
    case by, offset, expect, `if`, ifAbsent, ifPresent, keepTTL, get, client, seq, retry
    case version, status, error, node, length, old, oldVersion

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
        case .offset: "offset"
        case .expect: "expect"
        case .ifAbsent: "if_absent"
        case .ifPresent: "if_present"
        case .keepTTL: "keep_ttl"
        case .get: "get"
        case .if: "if"
        case .client: "client"
        case .seq: "seq"
        case .retry: "retry"
        case .version: "version"
        case .status: "status"
        case .error: "error"
        case .node: "node"
        case .length: "length"
        case .old: "old"
        case .oldVersion: "old_version"
        }
    }

    /// The one name of that length and, where several have it, of that letter.
    private static func candidate(_ text: Span<UInt8>) -> JSONFieldName? {
        switch text.count {
        case 2: text[1] == UInt8(ascii: "d") ? .id : text[0] == UInt8(ascii: "b") ? .by : .if
        case 3: threeLetters(text)
        case 4: text[0] == UInt8(ascii: "t") ? .type : .node
        case 5: text[0] == UInt8(ascii: "v") ? .value : text[0] == UInt8(ascii: "e") ? .error : .retry
        case 6: sixLetters(text)
        case 7: .version
        case 8: text[0] == UInt8(ascii: "e") ? .encoding : .keepTTL
        case 9: text[0] == UInt8(ascii: "t") ? .timestamp : .ifAbsent
        case 10: .ifPresent
        case 11: text[0] == UInt8(ascii: "c") ? .consistency : .oldVersion
        default: nil
        }
    }

    private static func threeLetters(_ text: Span<UInt8>) -> JSONFieldName {
        switch text[0] {
        case UInt8(ascii: "k"): .key
        case UInt8(ascii: "t"): .ttl
        case UInt8(ascii: "s"): .seq
        case UInt8(ascii: "g"): .get
        default: .old
        }
    }

    private static func sixLetters(_ text: Span<UInt8>) -> JSONFieldName {
        switch text[0] {
        case UInt8(ascii: "s"): .status
        case UInt8(ascii: "e"): .expect
        case UInt8(ascii: "c"): .client
        case UInt8(ascii: "o"): .offset
        default: .length
        }
    }
}
