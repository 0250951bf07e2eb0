/// Commands that concern the connection alone, or what it has queued.
package enum SessionCommand: Sendable {
    case ping, echo, hello, auth, quit, reset, select, time, command
    case multi, exec, discard, watch, unwatch
    case readOnly, readWrite, asking, wait

    static let table: [CommandInfo] = [
        info("ping", -1, "fast", "Answers PONG, or what it was given.", .ping),
        info("echo", 2, "fast", "Answers what it was given.", .echo),
        info("hello", -1, "noscript loading stale fast no_auth", "Greets, and chooses the form of answers.", .hello),
        info("auth", -2, "noscript loading stale fast no_auth", "Torc has no passwords yet.", .auth),
        info("quit", -1, "noscript loading stale fast no_auth", "Closes the connection.", .quit),
        info("reset", 1, "noscript loading stale fast no_auth", "Has the connection be as a new one.", .reset),
        info("select", 2, "loading stale fast", "There is one database, 0.", .select),
        info("readonly", 1, "loading stale fast", "Has reads answered by any copy, perhaps an older one.", .readOnly),
        info("readwrite", 1, "loading stale fast", "Takes READONLY back.", .readWrite),
        info("asking", 1, "fast", "Does nothing: slots are never half moved.", .asking),
        server("time", 1, "loading stale fast", "The time of day of the node.", .time),
        server("command", -1, "loading stale", "What commands there are.", .command),
        server("wait", 3, "noscript", "How many replicas have the last write durably.", .wait, group: "generic"),
        transactions("multi", 1, "noscript loading stale fast", "Begins a transaction.", .multi),
        transactions("exec", 1, "noscript loading stale", "Does what was queued, as one.", .exec),
        transactions("discard", 1, "noscript loading stale fast", "Forgets what was queued.", .discard),
        transactions("unwatch", 1, "noscript loading stale fast", "Watches no key any more.", .unwatch),
        CommandInfo(
            "watch", -2, "noscript loading stale fast", keys: (1, -1, 1), "transactions",
            "Has EXEC do nothing if a key has changed.", .session(.watch)),
    ]

    private static func info(
        _ name: String, _ arity: Int, _ flags: String, _ summary: String, _ command: SessionCommand
    ) -> CommandInfo {
        CommandInfo(name, arity, flags, "connection", summary, .session(command))
    }

    private static func server(
        _ name: String, _ arity: Int, _ flags: String, _ summary: String, _ command: SessionCommand,
        group: String = "server"
    ) -> CommandInfo {
        CommandInfo(name, arity, flags, group, summary, .session(command))
    }

    private static func transactions(
        _ name: String, _ arity: Int, _ flags: String, _ summary: String, _ command: SessionCommand
    ) -> CommandInfo {
        CommandInfo(name, arity, flags, "transactions", summary, .session(command))
    }
}
