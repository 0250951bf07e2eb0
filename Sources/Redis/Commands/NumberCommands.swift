import Protocol

/// INCR and its kin.
enum NumberCommands {
    static let table: [CommandInfo] = [
        info("incr", 2, "Adds one to an integer.") { c throws(RedisFault) in add(1, try c.key(1)) },
        info("decr", 2, "Takes one from an integer.") { c throws(RedisFault) in add(-1, try c.key(1)) },
        info("incrby", 3, "Adds to an integer.") { c throws(RedisFault) in add(try c.integer(2), try c.key(1)) },
        info("decrby", 3, "Takes from an integer.") { c throws(RedisFault) in
            let number = try c.integer(2)
            guard number != .min else { throw RedisFault("ERR decrement would overflow") }
            return add(-number, try c.key(1))
        },
        info("incrbyfloat", 3, "Adds to a decimal number.") { c throws(RedisFault) in
            .write(try c.key(1), Write(.addDecimal(try decimal(c.slice(2))), for: .kept), reply: .result)
        },
    ]

    private static func add(_ number: Int64, _ key: [UInt8]) -> Call {
        .write(key, Write(.add(number), for: .kept), reply: .result)
    }

    /// What the C library takes for a number.
    private static func decimal(_ word: ArraySlice<UInt8>) throws(RedisFault) -> [UInt8] {
        guard word.count <= 5 * 1_024, let number = Float80(word.text) else { throw .notAFloat }
        // `inf` is a number, though nothing can be added to it; one that is too large for any is none.
        let isNamed = word.contains { $0 | 0x20 == UInt8(ascii: "i") }
        guard number.isFinite || number.isInfinite && isNamed else { throw .notAFloat }
        return Array(word)
    }

    private static func info(
        _ name: String, _ arity: Int, _ summary: String,
        _ call: @escaping @Sendable (RESPCommand) throws(RedisFault) -> Call
    ) -> CommandInfo {
        CommandInfo(name, arity, "write denyoom fast", keys: (1, 1, 1), "string", summary, .call(call))
    }
}
