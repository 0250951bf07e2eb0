import Protocol
import UV

/// One clear error, in their own words, for clients whose protocol is not served yet.
enum Refusal {
    static func refuse(_ stream: UV.Stream, _ kind: ProtocolKind) {
        stream.write(Array(text(kind).utf8))
        stream.shutdownAfterWrites()
    }

    private static func text(_ kind: ProtocolKind) -> String {
        switch kind {
        case .http: http("HTTP is not served yet; use newline JSON\n")
        case .json, .resp, .peer: ""
        }
    }

    private static func http(_ body: String) -> String {
        """
        HTTP/1.1 501 Not Implemented\r
        Content-Type: text/plain; charset=utf-8\r
        Content-Length: \(body.utf8.count)\r
        Connection: close\r
        \r
        \(body)
        """
    }
}
