import Protocol

/// EXPIRE and its kin.
enum ExpiryCommands {
    static let table: [CommandInfo] = [
        expire("expire", .seconds), expire("pexpire", .milliseconds), expire("expireat", .unixSeconds),
        expire("pexpireat", .unixMilliseconds),
        show("ttl", .timeToLive(inSeconds: true), "How many seconds a key still has."),
        show("pttl", .timeToLive(inSeconds: false), "How many milliseconds a key still has."),
        show("expiretime", .expiry(inSeconds: true), "When a key expires, in Unix seconds."),
        show("pexpiretime", .expiry(inSeconds: false), "When a key expires, in Unix milliseconds."),
        CommandInfo(
            "persist", 2, "write fast", keys: (1, 1, 1), "generic", "Has a key not expire.",
            .call { c throws(RedisFault) in
                .write(try c.key(1), Write(.keep, if: .expiring, for: .forever), reply: .flag)
            }),
    ]

    private static func expire(_ name: String, _ unit: TimeUnit) -> CommandInfo {
        CommandInfo(
            name, -3, "write fast", keys: (1, 1, 1), "generic", "Sets when a key expires.",
            .call { c throws(RedisFault) in
                let condition = try condition(c)
                let lifetime = try unit.anyLifetime(c.integer(2), name)
                return .write(try c.key(1), Write(.keep, if: condition, for: lifetime), reply: .flag)
            })
    }

    private static func show(_ name: String, _ view: EntryView, _ summary: String) -> CommandInfo {
        CommandInfo(
            name, 2, "readonly fast", keys: (1, 1, 1), "generic", summary,
            .call { c throws(RedisFault) in .read(try c.key(1), reply: .view(view)) })
    }

    private static func condition(_ command: RESPCommand) throws(RedisFault) -> Expectation {
        var (nx, xx, gt, lt) = (false, false, false, false)
        for index in 3..<max(command.count, 3) {
            let word = command.slice(index)
            if word.means("nx") {
                nx = true
            } else if word.means("xx") {
                xx = true
            } else if word.means("gt") {
                gt = true
            } else if word.means("lt") {
                lt = true
            } else {
                throw RedisFault("ERR Unsupported option ", word, upTo: 64 << 10)
            }
        }
        if nx, xx || gt || lt {
            throw RedisFault("ERR NX and XX, GT or LT options at the same time are not compatible")
        }
        if gt, lt { throw RedisFault("ERR GT and LT options at the same time are not compatible") }
        if nx { return .lasting }
        if gt { return .expiringEarlier }
        if lt { return xx ? .endingLater : .expiringLater }
        return xx ? .expiring : .any
    }
}
