import Protocol

/// What HELP says of a command that has others beneath it.
package enum Help {
    private static let lines: [String: [String]] = [
        "OBJECT": ["ENCODING <key>", "FREQ <key>", "IDLETIME <key>", "REFCOUNT <key>"],
        "MEMORY": ["USAGE <key> [SAMPLES <count>]"],
        "CLIENT": [
            "CONSISTENCY [one|quorum|all]", "GETNAME", "ID", "INFO", "KILL <address>",
            "KILL [ID <id>] [ADDR <address>] [LADDR <address>] [TYPE <type>] [USER <name>] [SKIPME yes|no]",
            "LIST [TYPE <type>] [ID <id> ...]", "NO-EVICT on|off", "NO-TOUCH on|off", "SETINFO <option> <value>",
            "SETNAME <name>",
        ],
        "CLUSTER": [
            "COUNTKEYSINSLOT <slot>", "GETKEYSINSLOT <slot> <count>", "INFO", "KEYSLOT <key>", "LINKS", "MYID", "NODES",
            "SHARDS", "SLOTS",
        ],
        "COMMAND": [
            "(no subcommand)", "COUNT", "DOCS [<name> ...]", "GETKEYS <command>", "INFO [<name> ...]",
            "LIST [FILTERBY PATTERN|ACLCAT|MODULE <value>]",
        ],
        "CONFIG": ["GET <pattern> ...", "RESETSTAT", "REWRITE", "SET <name> <value> ..."],
        "LATENCY": ["HISTORY <event>", "LATEST", "RESET [<event> ...]"],
        "DEBUG": ["SLEEP <seconds>"],
    ]

    package static func text(of command: String) -> [String] {
        ["\(command) <subcommand> [<arg> ...]. Subcommands are:"] + (lines[command] ?? []) + ["HELP"]
    }

    /// Whether that is what is asked.
    package static func isAsked(_ command: RESPCommand) -> Bool {
        command.count == 2 && command.slice(1).means("help")
    }
}
