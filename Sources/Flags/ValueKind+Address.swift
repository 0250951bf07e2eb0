extension ValueKind where Value == String {
    /// `host:port`, `[v6]:port` or `:port`, checked and kept as written. Port 0 asks the system for one.
    package static var address: ValueKind {
        ValueKind(
            parse: { text throws(InvalidValue) in
                guard isAddress(text) else {
                    throw InvalidValue("not an address host:port, such as localhost:8081 or [::1]:8081")
                }
                return text
            },
            format: { $0.isEmpty ? nil : $0 })
    }

    private static func isAddress(_ text: String) -> Bool {
        guard let colon = text.lastIndex(of: ":") else { return false }
        let port = text[text.index(after: colon)...]
        guard port.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains), UInt16(port) != nil
        else { return false }
        let host = text[..<colon]
        if host.hasPrefix("[") { return host.hasSuffix("]") && host.utf8.count > 2 }
        return !host.contains { $0 == ":" || $0 == "[" || $0 == "]" || $0.isWhitespace }
    }
}
