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
        var text = Array("ERR unknown command '".utf8) + command.slice(0).printed(upTo: 128)
        text += Array("', with args beginning with: ".utf8)
        var shown = 0
        for index in 1..<max(command.count, 1) where shown < 128 {
            let word = command.slice(index).printed(upTo: 128 - shown)
            text += Array("'".utf8) + word + Array("' ".utf8)
            shown += word.count + 3
        }
        if let reason = Unsupported.reason(command.nameText) { text += Array("(\(reason): see docs/redis.md)".utf8) }
        return RedisFault(bytes: text)
    }
}
