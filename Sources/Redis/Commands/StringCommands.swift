import Protocol

/// GET, SET and their kin.
enum StringCommands {
    static let table: [CommandInfo] = [
        info("get", 2, "readonly fast", "Gets a value.") { c throws(RedisFault) in .read(try c.key(1), reply: .value) },
        info("set", -3, "write denyoom", "Sets a value, its expiry and on which condition.", SetCommand.call),
        info("setnx", 3, "write denyoom fast", "Sets a value where there is none.") { c throws(RedisFault) in
            .write(try c.key(1), Write(.set(try c.content(2)), if: .absent, for: .forever), reply: .flag)
        },
        info("setex", 4, "write denyoom", "Sets a value and its expiry in seconds.") { c throws(RedisFault) in
            try SetCommand.expiring(c, .seconds)
        },
        info("psetex", 4, "write denyoom", "Sets a value and its expiry in milliseconds.") { c throws(RedisFault) in
            try SetCommand.expiring(c, .milliseconds)
        },
        info("getset", 3, "write denyoom fast", "Sets a value and gets the one before.") { c throws(RedisFault) in
            .write(try c.key(1), Write(.set(try c.content(2)), for: .forever, answersOld: true), reply: .old)
        },
        info("getdel", 2, "write fast", "Gets a value and deletes it.") { c throws(RedisFault) in
            .write(try c.key(1), Write(.delete, for: .forever, answersOld: true), reply: .old)
        },
        info("getex", -2, "write fast", "Gets a value and changes its expiry.", SetCommand.getAndExpire),
        info("mget", -2, "readonly fast", keys: (1, -1, 1), "Gets several values.") { c throws(RedisFault) in
            Call(try c.keys(from: 1).map { .read($0) }, reply: .values)
        },
        info("mset", -3, "write denyoom", keys: (1, -1, 2), "Sets several values.") { c throws(RedisFault) in
            Call(try c.pairs().map { .write(KeyedWrite(key: $0, write: Write(.set($1), for: .forever))) }, reply: .ok)
        },
        info("msetnx", -3, "write denyoom", keys: (1, -1, 2), "Sets several values where none of them is there.") {
            c throws(RedisFault) in
            var seen: Set<[UInt8]> = []
            let steps = try c.pairs().map { key, value in
                let isFirst = seen.insert(key).inserted
                let write = Write(.set(value), if: isFirst ? .absent : .any, for: .forever)
                return Step.write(KeyedWrite(key: key, write: write))
            }
            return Call(steps, .whole, reply: .allOrNone)
        },
        info("strlen", 2, "readonly fast", "How long a value is.") { c throws(RedisFault) in
            .read(try c.key(1), reply: .view(.length))
        },
        info("append", 3, "write denyoom fast", "Puts bytes behind a value.") { c throws(RedisFault) in
            .write(try c.key(1), Write(.append(try c.value(2)), for: .kept), reply: .result)
        },
        info("setrange", 4, "write denyoom", "Overwrites a part of a value.") { c throws(RedisFault) in
            let offset = try c.integer(2)
            guard offset >= 0 else { throw RedisFault("ERR offset is out of range") }
            let write = Write(.overwrite(offset: UInt64(offset), try c.value(3)), for: .kept)
            return .write(try c.key(1), write, reply: .result)
        },
        info("getrange", 4, "readonly", "Gets a part of a value.", part),
        info("substr", 4, "readonly", "Gets a part of a value.", part),
    ]

    private static func part(_ command: RESPCommand) throws(RedisFault) -> Call {
        .read(try command.key(1), reply: .view(.range(try command.integer(2), try command.integer(3))))
    }

    private static func info(
        _ name: String, _ arity: Int, _ flags: String, keys: (Int, Int, Int) = (1, 1, 1), _ summary: String,
        _ call: @escaping @Sendable (RESPCommand) throws(RedisFault) -> Call
    ) -> CommandInfo {
        CommandInfo(name, arity, flags, keys: keys, "string", summary, .call(call))
    }
}

extension RESPCommand {
    /// - Throws: where it is longer than a value may be.
    func value(_ index: Int) throws(RedisFault) -> [UInt8] {
        let value = self[index]
        guard value.count <= Limits.valueBytesMax else { throw .tooLong }
        return value
    }

    /// As `value`, with the digest that was taken as it came.
    func content(_ index: Int) throws(RedisFault) -> Content { Content(try value(index), digest: digest(index)) }

    func keys(from first: Int) throws(RedisFault) -> [[UInt8]] {
        var keys: [[UInt8]] = []
        for index in first..<count { keys.append(try key(index)) }
        return keys
    }

    fileprivate func pairs() throws(RedisFault) -> [([UInt8], [UInt8])] {
        guard count % 2 == 1 else { throw .arity(nameText) }
        var pairs: [([UInt8], [UInt8])] = []
        for index in stride(from: 1, to: count, by: 2) { pairs.append((try key(index), try value(index + 1))) }
        return pairs
    }
}
