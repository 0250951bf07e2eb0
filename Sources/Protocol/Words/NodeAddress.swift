/// Where a node listens: a host (a name, an IPv4 or IPv6 address without brackets) and a port, the same
/// for TCP and UDP.
package struct NodeAddress: Hashable, Sendable {
    package static let hostLengthMax = 255

    package let host: String
    package let port: UInt16

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Reads `host:port`, `[v6]:port` or `:port`; nil when it is none of these.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard host.utf8.count <= NodeAddress.hostLengthMax else { return nil }
        self.host = host.isEmpty ? "localhost" : String(host)
        self.port = port
    }
}

extension NodeAddress: CustomStringConvertible {
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
