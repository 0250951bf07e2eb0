/// What a user asks for, on the command line or in the REPL.
enum Command: Equatable {
    case get(key: [UInt8])
    case set(key: [UInt8], value: [UInt8], ttlMilliseconds: UInt64?)
    case delete(key: [UInt8])
    case status
    case help
    case exit

    /// Names that can be typed, for completion.
    static let names = ["GET", "SET", "DELETE", "STATUS", "HELP", "EXIT", "QUIT"]

    /// What HELP says.
    static let manual = """
        GET key                  the value of a key
        SET key value            gives it a value
        SET key value TTL n      one that lasts n seconds
        DELETE key               takes it away (DEL does the same)
        STATUS                   the ring: members, slots, keys, and what waits
        HELP                     this
        EXIT                     ends (QUIT and Ctrl-D do the same)
        A key or value with spaces goes in quotes: SET name "Ada Lovelace". Within "…" and outside of quotes
        a backslash quotes the next character; within "…" \\n, \\r, \\t and \\xHH are what they are in C.
        """
}

extension Command {
    /// - Parameter words: not empty. Names are taken without regard to case.
    init(words: [[UInt8]]) throws(UsageError) {
        let name = String(decoding: words.first ?? [], as: UTF8.self)
        let rest = Array(words.dropFirst())
        switch name.uppercased() {
        case "GET": self = .get(key: try Command.only(rest, "GET key"))
        case "DELETE", "DEL": self = .delete(key: try Command.only(rest, "DELETE key"))
        case "SET": self = try Command.set(rest)
        case "STATUS": self = try Command.bare(.status, rest, name)
        case "HELP", "?": self = .help
        case "EXIT", "QUIT": self = try Command.bare(.exit, rest, name)
        default: throw UsageError("unknown command \(name); HELP shows all")
        }
    }

    private static func only(_ words: [[UInt8]], _ usage: String) throws(UsageError) -> [UInt8] {
        guard words.count == 1 else { throw UsageError("usage: \(usage)") }
        return words[0]
    }

    private static func bare(_ command: Command, _ words: [[UInt8]], _ name: String) throws(UsageError) -> Command {
        guard words.isEmpty else { throw UsageError("\(name.uppercased()) takes no arguments") }
        return command
    }

    private static func set(_ words: [[UInt8]]) throws(UsageError) -> Command {
        if words.count == 2 { return .set(key: words[0], value: words[1], ttlMilliseconds: nil) }
        guard words.count == 4, ["TTL", "-TTL", "--TTL"].contains(text(words[2]).uppercased()) else {
            throw UsageError("usage: SET key value [TTL seconds]; a value with spaces goes in quotes")
        }
        guard let ttl = milliseconds(seconds: text(words[3])) else {
            throw UsageError("a ttl is a positive number of seconds, such as 30 or 0.5, not \(text(words[3]))")
        }
        return .set(key: words[0], value: words[1], ttlMilliseconds: ttl)
    }

    /// Of `30` or `0.5`; nil for anything else, for none, and for more than a hundred years.
    private static func milliseconds(seconds text: String) -> UInt64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let whole = UInt64(parts[0]), whole <= 3_153_600_000
        else { return nil }
        let digits = parts.count == 2 ? parts[1] : "0"
        guard digits.utf8.count <= 3 else { return nil }
        let part = UInt64(digits + String(repeating: "0", count: 3 - digits.utf8.count)) ?? 0
        let total = whole * 1_000 + part
        return total > 0 ? total : nil
    }

    private static func text(_ word: [UInt8]) -> String { String(decoding: word, as: UTF8.self) }
}
