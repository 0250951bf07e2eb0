import Protocol

/// SETBIT, GETBIT, BITCOUNT, BITPOS.
enum BitCommands {
    /// Bits of the longest value.
    private static let offsetMax = Int64(Limits.valueBytesMax) * 8

    static let table: [CommandInfo] = [
        info("setbit", 4, "write denyoom", "Sets one bit of a value.") { c throws(RedisFault) in
            let offset = try offset(c)
            guard let bit = c.slice(3).integer, bit == 0 || bit == 1 else {
                throw RedisFault("ERR bit is not an integer or out of range")
            }
            return .write(try c.key(1), Write(.setBit(offset, to: bit == 1), for: .kept), reply: .result)
        },
        info("getbit", 3, "readonly fast", "Gets one bit of a value.") { c throws(RedisFault) in
            .read(try c.key(1), reply: .view(.bit(try offset(c))))
        },
        info("bitcount", -2, "readonly", "Counts the bits of a value that are set.") { c throws(RedisFault) in
            .read(try c.key(1), reply: .view(.bitCount(countRange(c))))
        },
        info("bitpos", -3, "readonly", "Finds the first bit of a value that is set, or clear.") { c throws(RedisFault) in
            let bit = try c.integer(2)
            guard bit == 0 || bit == 1 else { throw RedisFault("ERR The bit argument must be 1 or 0.") }
            return .read(try c.key(1), reply: .view(.bitPosition(of: bit == 1, positionRange(c))))
        },
    ]

    private static func offset(_ command: RESPCommand) throws(RedisFault) -> UInt64 {
        guard let offset = command.slice(2).integer, (0..<offsetMax).contains(offset) else {
            throw RedisFault("ERR bit offset is not an integer or out of range")
        }
        return UInt64(offset)
    }

    private static func countRange(_ command: RESPCommand) -> BitRange {
        guard command.count != 2 else { return .all }
        guard command.count == 4 || command.count == 5 else { return .invalid(.syntax) }
        guard let first = command.slice(2).integer, let last = command.slice(3).integer else {
            return .invalid(.notAnInteger)
        }
        if first < 0, last < 0, first > last { return .empty }
        return range(first, last, unit: command.count == 5 ? command.slice(4) : nil)
    }

    private static func positionRange(_ command: RESPCommand) -> BitRange {
        guard command.count > 3 else { return .all }
        guard command.count <= 6 else { return .invalid(.syntax) }
        guard let first = command.slice(3).integer else { return .invalid(.notAnInteger) }
        guard command.count > 4 else { return .bytes(first, nil) }
        let unit = command.count == 6 ? command.slice(5) : nil
        if let unit, !unit.means("bit"), !unit.means("byte") { return .invalid(.syntax) }
        guard let last = command.slice(4).integer else { return .invalid(.notAnInteger) }
        return range(first, last, unit: unit)
    }

    private static func range(_ first: Int64, _ last: Int64, unit: ArraySlice<UInt8>?) -> BitRange {
        guard let unit else { return .bytes(first, last) }
        if unit.means("bit") { return .bits(first, last) }
        return unit.means("byte") ? .bytes(first, last) : .invalid(.syntax)
    }

    private static func info(
        _ name: String, _ arity: Int, _ flags: String, _ summary: String,
        _ call: @escaping @Sendable (RESPCommand) throws(RedisFault) -> Call
    ) -> CommandInfo {
        CommandInfo(name, arity, flags, keys: (1, 1, 1), "bitmap", summary, .call(call))
    }
}
