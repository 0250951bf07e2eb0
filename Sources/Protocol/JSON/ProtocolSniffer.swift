/// Decides once, from the first bytes of a connection, what it speaks.
///
/// | first byte | protocol |
/// |---|---|
/// | `{`, white space, or what else can begin a JSON text but a letter | JSON (only objects are served) |
/// | `*` | RESP |
/// | 0xF5, which no text in UTF-8 can contain | a peer |
/// | a letter | HTTP when the first line ends in `HTTP/1.x`, RESP's inline form when not |
package enum ProtocolSniffer {
    package enum Verdict: Equatable, Sendable {
        /// Call again with the same bytes and those that follow.
        case undecided
        case known(ProtocolKind)
        /// None of them: close.
        case unknown
    }

    /// The byte that a peer's connection begins with.
    package static let peerMagic: UInt8 = 0xF5
    /// The longest first line that is waited for; a longer one is left to RESP to refuse.
    package static let firstLineBytesMax = 8 * 1024

    /// - Parameter bytes: everything that has arrived on the connection.
    package static func sniff(_ bytes: Span<UInt8>) -> Verdict {
        guard !bytes.isEmpty else { return .undecided }
        switch bytes[0] {
        case UInt8(ascii: "{"), UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"),
            UInt8(ascii: "["), UInt8(ascii: "\""), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return .known(.json)
        case UInt8(ascii: "*"):
            return .known(.resp)
        case peerMagic:
            return .known(.peer)
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            return sniffLine(bytes)
        default:
            return .unknown
        }
    }

    package static func sniff(_ bytes: [UInt8]) -> Verdict { sniff(bytes.span) }

    private static func sniffLine(_ bytes: Span<UInt8>) -> Verdict {
        let limit = min(bytes.count, firstLineBytesMax)
        var end = 0
        while end < limit, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        guard end < limit else { return limit < firstLineBytesMax ? .undecided : .known(.resp) }
        if end > 0, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return .known(isHTTP(bytes.extracting(0..<end)) ? .http : .resp)
    }

    /// Whether a line ends in ` HTTP/1.x`.
    private static func isHTTP(_ line: Span<UInt8>) -> Bool {
        let suffix: StaticString = " HTTP/1."
        let size = suffix.utf8CodeUnitCount
        guard line.count > size, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(line[line.count - 1])
        else { return false }
        let range = (line.count - 1 - size)..<(line.count - 1)
        return JSONText.equals(line.extracting(range), suffix)
    }
}
