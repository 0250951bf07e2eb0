import Protocol

/// What a user asks for, on the command line or in the REPL.
enum Command: Equatable {
    /// - Parameter showsVersion: prints the version in front of the value.
    case get(key: [UInt8], showsVersion: Bool)
    case set(key: [UInt8], value: [UInt8], ttlMilliseconds: UInt64?)
    case delete(key: [UInt8])
    case increment(key: [UInt8], by: Int64)
    case append(key: [UInt8], value: [UInt8])
    case compareAndSet(key: [UInt8], value: [UInt8], expect: Expectation)
    case status
    case forget(id: String, evenIfAlive: Bool)
    case repair(acceptsLoss: Bool)
    case help
    case exit

    /// Names that can be typed, for completion.
    static let names = [
        "GET", "SET", "DELETE", "INCR", "APPEND", "CAS", "STATUS", "FORGET", "REPAIR", "HELP", "EXIT",
        "QUIT",
    ]

    /// What HELP says.
    static let manual = """
        GET key                      the value of a key
        GET key VERSION              its version, and the value
        SET key value                gives it a value
        SET key value TTL n          one that lasts n seconds
        DELETE key                   takes it away (DEL does the same)
        INCR key [n]                 adds n, or 1, to a number; a missing key counts as 0
        APPEND key value             puts the value behind what is there; says how many bytes that makes
        CAS key value EXPECT old     gives it the value if it has the old one
        CAS key value IF version     … if it has the value of this version
        CAS key value ABSENT         … if there is none
        STATUS                       the ring: members, slots, keys, and what waits
        FORGET id                    puts a dead node's disk out of the ring for ever
        FORGET id -even-if-alive     … a living one's
        REPAIR                       slots that lost a majority of their copies for ever, and what is left
        REPAIR -accept-loss          has them go on from what is left
        HELP                         this
        EXIT                         ends (QUIT and Ctrl-D do the same)
        A lost CAS changes nothing, says what is there, and is exit code 1.
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
        case "GET": self = try Command.get(rest)
        case "DELETE", "DEL": self = .delete(key: try Command.only(rest, "DELETE key"))
        case "SET": self = try Command.set(rest)
        case "INCR": self = try Command.increment(rest)
        case "APPEND":
            guard rest.count == 2 else { throw UsageError("usage: APPEND key value") }
            self = .append(key: rest[0], value: rest[1])
        case "CAS": self = try Command.compareAndSet(rest)
        case "STATUS": self = try Command.bare(.status, rest, name)
        case "FORGET": self = try Command.forget(rest)
        case "REPAIR": self = try Command.repair(rest)
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

    private static func get(_ words: [[UInt8]]) throws(UsageError) -> Command {
        if words.count == 1 { return .get(key: words[0], showsVersion: false) }
        guard words.count == 2, text(words[1]).uppercased() == "VERSION" else {
            throw UsageError("usage: GET key [VERSION]")
        }
        return .get(key: words[0], showsVersion: true)
    }

    private static func increment(_ words: [[UInt8]]) throws(UsageError) -> Command {
        guard (1...2).contains(words.count) else { throw UsageError("usage: INCR key [number]") }
        guard words.count == 2 else { return .increment(key: words[0], by: 1) }
        guard let number = Int64(text(words[1])) else {
            throw UsageError("INCR adds a whole number of at most 64 bits, not \(text(words[1]))")
        }
        return .increment(key: words[0], by: number)
    }

    private static func compareAndSet(_ words: [[UInt8]]) throws(UsageError) -> Command {
        let usage = UsageError("usage: CAS key value EXPECT old | IF version | ABSENT")
        guard words.count >= 3 else { throw usage }
        let expectation: Expectation
        switch (text(words[2]).uppercased(), words.count) {
        case ("ABSENT", 3): expectation = .absent
        case ("EXPECT", 4): expectation = .value(words[3])
        case ("IF", 4):
            guard let version = Version(text: text(words[3])) else {
                throw UsageError("a version is two numbers with a point, such as 3.17, not \(text(words[3]))")
            }
            expectation = .version(version)
        default: throw usage
        }
        return .compareAndSet(key: words[0], value: words[1], expect: expectation)
    }

    private static func forget(_ words: [[UInt8]]) throws(UsageError) -> Command {
        let names = words.map(text).filter { $0 != "-even-if-alive" }
        guard names.count == 1, words.count <= 2, !names[0].contains(" ") else {
            throw UsageError("usage: FORGET id [-even-if-alive]")
        }
        return .forget(id: names[0], evenIfAlive: words.count == 2)
    }

    private static func repair(_ words: [[UInt8]]) throws(UsageError) -> Command {
        guard words.isEmpty || words.map(text) == ["-accept-loss"] else {
            throw UsageError("usage: REPAIR [-accept-loss]")
        }
        return .repair(acceptsLoss: !words.isEmpty)
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
