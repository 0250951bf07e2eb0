import Protocol

/// What a user asks for, on the command line or in the REPL.
enum Command: Equatable {
    /// - Parameter showsVersion: prints the version in front of the value.
    case get(key: [UInt8], showsVersion: Bool)
    case write(key: [UInt8], Write)
    case setAll([KeyedWrite])
    case status
    case forget(id: String, evenIfAlive: Bool)
    /// - Parameter how: as it was typed, behind `REPAIR`.
    case repair(how: [String])
    case help
    case exit

    /// Names that can be typed, for completion.
    static let names = [
        "GET", "SET", "MSET", "DELETE", "INCR", "INCRBYFLOAT", "APPEND", "SETRANGE", "CAS", "EXPIRE", "PERSIST", "STATUS",
        "FORGET", "REPAIR", "HELP", "EXIT", "QUIT",
    ]

    /// What HELP says.
    static let manual = """
        GET key                      the value of a key
        GET key VERSION              its version, and the value
        SET key value                gives it a value
        SET key value TTL n          one that lasts n seconds; KEEPTTL: as long as the one before would have
        SET key value ABSENT         only if there is none; PRESENT: only if there is one
        SET key value GET            says what was there before
        MSET key value …             several keys of one {tag} in one step
        DELETE key [GET]             takes it away (DEL does the same)
        INCR key [n]                 adds n, or 1, to a number; a missing key counts as 0
        INCRBYFLOAT key n            adds a decimal number
        APPEND key value             puts the value behind what is there; says how many bytes that makes
        SETRANGE key offset value    puts the value into what is there; says how many bytes that makes
        EXPIRE key n                 has the value last n seconds from now on
        PERSIST key                  has it last for ever
        CAS key value EXPECT old     gives it the value if it has the old one
        CAS key value IF version     … if it has the value of this version
        CAS key value ABSENT         … if there is none
        STATUS                       the ring: members, slots, keys, and what waits
        FORGET id                    puts a dead node's disk out of the ring for ever
        FORGET id -even-if-alive     … a living one's
        REPAIR                       slots that cannot go on by themselves, what is left of them, what can be done
        REPAIR -accept-loss          has those that lost their majority go on from what is left
        REPAIR -accept-incomplete    … also from copies that are not complete, the most advanced ones
        REPAIR -take id              where copies differ makes all others equal to that node's
        bench [FLAGS]                measures servers under load, from the command line only; torc bench -help
        HELP                         this
        EXIT                         ends (QUIT and Ctrl-D do the same)
        A lost CAS, and a SET whose condition is not met, change nothing, say what is there, and are exit code 1.
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
        case "STATUS": self = try Command.bare(.status, rest, name)
        case "FORGET": self = try Command.forget(rest)
        case "REPAIR": self = try Command.repair(rest)
        case "HELP", "?": self = .help
        case "EXIT", "QUIT": self = try Command.bare(.exit, rest, name)
        case "MSET": self = .setAll(try WriteWords(rest).setAll())
        default:
            guard let write = try WriteWords(rest).write(name.uppercased()) else {
                throw UsageError("unknown command \(name); HELP shows all")
            }
            self = .write(key: rest[0], write)
        }
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

    private static func forget(_ words: [[UInt8]]) throws(UsageError) -> Command {
        let names = words.map(text).filter { $0 != "-even-if-alive" }
        guard names.count == 1, words.count <= 2, !names[0].contains(" ") else {
            throw UsageError("usage: FORGET id [-even-if-alive]")
        }
        return .forget(id: names[0], evenIfAlive: words.count == 2)
    }

    private static func repair(_ words: [[UInt8]]) throws(UsageError) -> Command {
        let how = words.map(text)
        let isKnown = [[], ["-accept-loss"], ["-accept-incomplete"]].contains(how)
        guard isKnown || how.count == 2 && how[0] == "-take" && !how[1].contains(" ") else {
            throw UsageError("usage: REPAIR [-accept-loss|-accept-incomplete|-take id]")
        }
        return .repair(how: how)
    }

    private static func text(_ word: [UInt8]) -> String { String(decoding: word, as: UTF8.self) }
}
