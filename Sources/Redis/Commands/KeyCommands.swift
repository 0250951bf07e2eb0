import Protocol

/// Commands on keys, whatever their values.
enum KeyCommands {
    static let table: [CommandInfo] = [
        info("del", -2, "write", keys: (1, -1, 1), "Deletes keys.", delete),
        info("unlink", -2, "write fast", keys: (1, -1, 1), "Deletes keys.", delete),
        info("exists", -2, "readonly fast", keys: (1, -1, 1), "How many of the keys are there.", count),
        info("touch", -2, "readonly fast", keys: (1, -1, 1), "How many of the keys are there.", count),
        info("type", 2, "readonly fast", "Which type a value is of: string, or none.") { c throws(RedisFault) in
            .read(try c.key(1), reply: .view(.type))
        },
        info("copy", -3, "write denyoom", keys: (1, 2, 1), "Copies a value to another key of its slot.", copy),
        info("rename", 3, "write", keys: (1, 2, 1), "Gives a value another key of its slot.") { c throws(RedisFault) in
            try rename(c, if: .any, reply: .renamed)
        },
        info("renamenx", 3, "write fast", keys: (1, 2, 1), "Gives a value another key, where there is none.") {
            c throws(RedisFault) in
            try rename(c, if: .absent, reply: .renamedIfAbsent)
        },
        CommandInfo(
            "object", -2, "readonly", "generic", "What Redis would say of how a value is kept.", .call(object),
            beneath: [("encoding", 3), ("freq", 3), ("idletime", 3), ("refcount", 3), ("help", 2)]),
        CommandInfo(
            "memory", -2, "readonly", "server", "MEMORY USAGE: about how many bytes an entry takes.", .call(memory),
            beneath: [("usage", -3), ("help", 2)]),
    ]

    private static func delete(_ command: RESPCommand) throws(RedisFault) -> Call {
        let write = Write(.delete, if: .present, for: .forever)
        let steps = try command.keys(from: 1).map { Step.write(KeyedWrite(key: $0, write: write, isRequired: false)) }
        return Call(steps, reply: .count)
    }

    private static func count(_ command: RESPCommand) throws(RedisFault) -> Call {
        Call(try command.keys(from: 1).map { .read($0) }, reply: .count)
    }

    private static func copy(_ command: RESPCommand) throws(RedisFault) -> Call {
        var condition = Expectation.absent
        var index = 3
        while index < command.count {
            if command.slice(index).means("replace") {
                condition = .any
            } else if command.slice(index).means("db"), index + 1 < command.count {
                guard let database = command.slice(index + 1).integer else { throw .notAnInteger }
                guard database == 0 else { throw RedisFault("ERR DB index is out of range") }
                index += 1
            } else {
                throw .syntax
            }
            index += 1
        }
        let source = try command.key(1)
        let key = try command.key(2)
        guard source != key else { throw RedisFault("ERR source and destination objects are the same") }
        guard Slot(key: source) == Slot(key: key) else { throw .crossSlot }
        return .write(key, Write(.copy(of: source), if: condition, for: .kept), reply: .flag)
    }

    private static func rename(
        _ command: RESPCommand, if condition: Expectation, reply: Reply
    ) throws(RedisFault) -> Call {
        let source = try command.key(1)
        let key = try command.key(2)
        guard source != key else {
            return .read(source, reply: .view(reply == .renamed ? .renamedToItself : .copiedToItself))
        }
        guard Slot(key: source) == Slot(key: key) else { throw .crossSlot }
        let steps: [Step] = [
            .write(KeyedWrite(key: key, write: Write(.copy(of: source), if: condition, for: .kept))),
            .write(KeyedWrite(key: source, write: Write(.delete, for: .forever))),
        ]
        return Call(steps, .whole, reply: reply)
    }

    private static func object(_ command: RESPCommand) throws(RedisFault) -> Call {
        let name = command.slice(1)
        if Help.isAsked(command) { return Call([], reply: .constant(.texts(Help.text(of: "OBJECT")))) }
        let view: EntryView
        if name.means("encoding") {
            view = .encoding
        } else if name.means("refcount") {
            view = .number(1)
        } else if name.means("idletime") {
            view = .number(0)
        } else if name.means("freq") {
            view = .fault(
                RedisFault(
                    "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when "
                        + "switching between policies at runtime LRU and LFU data will take some time to adjust."))
        } else {
            throw .unknownSubcommand(name, of: "OBJECT")
        }
        guard command.count == 3 else { throw .arity("object|\(name.text.lowercased())") }
        return .read(try command.key(2), reply: .view(view))
    }

    private static func memory(_ command: RESPCommand) throws(RedisFault) -> Call {
        if Help.isAsked(command) { return Call([], reply: .constant(.texts(Help.text(of: "MEMORY")))) }
        guard command.slice(1).means("usage") else { throw .unknownSubcommand(command.slice(1), of: "MEMORY") }
        guard command.count >= 3 else { throw .arity("memory|usage") }
        var index = 3
        while index < command.count {
            guard command.slice(index).means("samples"), index + 1 < command.count else { throw .syntax }
            guard try command.integer(index + 1) >= 0 else { throw .syntax }
            index += 2
        }
        return .read(try command.key(2), reply: .view(.memory))
    }

    private static func info(
        _ name: String, _ arity: Int, _ flags: String, keys: (Int, Int, Int) = (1, 1, 1), _ summary: String,
        _ call: @escaping @Sendable (RESPCommand) throws(RedisFault) -> Call
    ) -> CommandInfo {
        CommandInfo(name, arity, flags, keys: keys, "generic", summary, .call(call))
    }
}
