import Protocol

/// COMMAND: what commands there are.
enum CommandCommand {
    static func write(_ command: RESPCommand, to writer: inout RESPWriter) throws(RedisFault) {
        guard command.count > 1 else { return writeAll(CommandTable.all, to: &writer) }
        if Help.isAsked(command) { return writer.simples(Help.text(of: "COMMAND")) }
        let name = command.slice(1)
        let others = (2..<max(command.count, 2)).map { command.slice($0) }
        if name.means("count"), command.count == 2 {
            writer.integer(CommandTable.all.count)
        } else if name.means("info") {
            if others.isEmpty { return writeAll(CommandTable.all, to: &writer) }
            writer.array(others.count)
            for other in others {
                if let info = CommandTable.find(other) { info.write(to: &writer) } else { writer.null() }
            }
        } else if name.means("docs") {
            let chosen = others.isEmpty ? CommandTable.all : others.compactMap(CommandTable.find)
            writer.map(chosen.count)
            for info in chosen { info.writeDocumentation(to: &writer) }
        } else if name.means("list") {
            try writeList(command, to: &writer)
        } else if name.means("getkeys"), command.count > 2 {
            try writeKeys(of: command, to: &writer)
        } else if ["count", "getkeys"].contains(name.text.lowercased()) {
            throw .arity("command|\(name.text.lowercased())")
        } else {
            throw .unknownSubcommand(command.slice(1), of: "COMMAND")
        }
    }

    private static func writeAll(_ list: [CommandInfo], to writer: inout RESPWriter) {
        writer.array(list.count)
        for info in list { info.write(to: &writer) }
    }

    private static func writeList(_ command: RESPCommand, to writer: inout RESPWriter) throws(RedisFault) {
        var chosen = CommandTable.all
        if command.count > 2 {
            guard command.count == 5, command.slice(2).means("filterby") else { throw .syntax }
            let value = command[4]
            if command.slice(3).means("pattern") {
                chosen = chosen.filter { Glob.matches(value, Array($0.name.utf8)) }
            } else if command.slice(3).means("aclcat") {
                let category = command.slice(4).text.lowercased()
                chosen = chosen.filter { $0.categories.contains("@" + category) }
            } else if command.slice(3).means("module") {
                chosen = []
            } else {
                throw .syntax
            }
        }
        writer.bulks(chosen.map(\.name))
    }

    private static func writeKeys(of command: RESPCommand, to writer: inout RESPWriter) throws(RedisFault) {
        let inner = RESPCommand((2..<command.count).map { command[$0] })
        guard let info = CommandTable.find(inner.slice(0)) else { throw RedisFault("ERR Invalid command specified") }
        guard info.accepts(count: inner.count) else {
            throw RedisFault("ERR Invalid number of arguments specified for command")
        }
        let keys = info.keys(of: inner)
        guard !keys.isEmpty else { throw RedisFault("ERR The command has no key arguments") }
        writer.bulks(keys)
    }
}

extension CommandInfo {
    var categories: [String] {
        var categories = ["@\(group == "generic" ? "keyspace" : group == "server" ? "admin" : group)"]
        if flags.contains("write") { categories.append("@write") }
        if flags.contains("readonly") { categories.append("@read") }
        categories.append(flags.contains("fast") ? "@fast" : "@slow")
        return categories
    }

    fileprivate func write(to writer: inout RESPWriter) {
        writer.array(10)
        writer.bulk(name)
        writer.integer(arity)
        writer.set(flags.count)
        for flag in flags { writer.simple(flag) }
        writer.integer(keys.first)
        writer.integer(keys.last)
        writer.integer(keys.step)
        writer.set(categories.count)
        for category in categories { writer.simple(category) }
        writer.array(0)
        writeKeySpecification(to: &writer)
        writer.array(beneath.count)
        for (name, arity) in beneath {
            CommandInfo(
                "\(self.name)|\(name)", arity, "readonly", keys: hasKeysBeneath ? (2, 2, 1) : (0, 0, 0), group, summary,
                kind
            ).write(to: &writer)
        }
    }

    private func writeKeySpecification(to writer: inout RESPWriter) {
        guard keys.first > 0 else { return writer.array(0) }
        writer.array(1)
        writer.map(3)
        writer.bulk("flags")
        writer.set(1)
        writer.simple(isWrite ? "RW" : "RO")
        writer.bulk("begin_search")
        writer.map(2)
        writer.bulk("type")
        writer.bulk("index")
        writer.bulk("spec")
        writer.map(1)
        writer.bulk("index")
        writer.integer(keys.first)
        writer.bulk("find_keys")
        writer.map(2)
        writer.bulk("type")
        writer.bulk("range")
        writer.bulk("spec")
        writer.map(3)
        writer.bulk("lastkey")
        writer.integer(keys.last < 0 ? keys.last : keys.last - keys.first)
        writer.bulk("keystep")
        writer.integer(keys.step)
        writer.bulk("limit")
        writer.integer(0)
    }

    fileprivate func writeDocumentation(to writer: inout RESPWriter) {
        writer.bulk(name)
        writer.map(2)
        writer.bulk("summary")
        writer.bulk(summary)
        writer.bulk("group")
        writer.bulk(group)
    }
}
