import Protocol

/// Every command that is served, and why others are not.
package enum CommandTable {
    package static let all: [CommandInfo] =
        StringCommands.table + NumberCommands.table + BitCommands.table + KeyCommands.table + ExpiryCommands.table
        + SessionCommand.table + NodeCommand.table

    private static let byName: [CommandName: Int] = {
        var places: [CommandName: Int] = [:]
        for (place, info) in all.enumerated() {
            if let name = CommandName(Array(info.name.utf8)[...]) { places[name] = place }
        }
        return places
    }()

    package static func find(_ name: ArraySlice<UInt8>) -> CommandInfo? {
        CommandName(name).flatMap { byName[$0] }.map { all[$0] }
    }

    /// In Redis's words, and where Redis has the command, why Torc has not.
    package static func unknown(_ command: RESPCommand) -> RedisFault {
        var text = "ERR unknown command '\(command.slice(0).prefix(128).text)', with args beginning with: "
        var shown = 0
        for index in 1..<max(command.count, 1) where shown < 128 {
            let word = command.slice(index).prefix(128 - shown)
            text += "'\(word.text)' "
            shown += word.count + 3
        }
        if let reason = Unsupported.reason(command.nameText) { text += "(\(reason): see docs/redis.md)" }
        return RedisFault(text)
    }
}
