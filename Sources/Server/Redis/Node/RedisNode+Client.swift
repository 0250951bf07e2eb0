import Protocol
import Redis

/// CLIENT.
extension RedisNode {
    func takeClient(
        _ command: RESPCommand, of conversation: RedisConversation, _ writer: inout RESPWriter
    ) throws(RedisFault) -> Taken {
        let name = command.slice(1).text.lowercased()
        switch (name, command.count) {
        case ("id", 2): writer.integer(conversation.session.id)
        case ("getname", 2): writer.bulk(conversation.session.name.isEmpty ? nil : conversation.session.name)
        case ("setname", 3):
            conversation.session.name = try Session.checkedName(command[2])
            writer.ok()
        case ("setinfo", 4): try setInformation(command, of: conversation, &writer)
        case ("info", 2): writer.text(describe(conversation) + "\n")
        case ("list", _): try list(command, &writer)
        case ("kill", 3...): return try kill(command, of: conversation, &writer)
        case ("no-evict", 3), ("no-touch", 3):
            guard command.slice(2).means("on") || command.slice(2).means("off") else { throw .syntax }
            writer.ok()
        case ("consistency", 2): writer.bulk(conversation.session.consistency.name)
        case ("consistency", 3):
            guard let level = Consistency(name: command.slice(2).text) else {
                throw RedisFault("ERR consistency must be one, quorum or all")
            }
            conversation.session.consistency = level
            writer.ok()
        case ("id", _), ("getname", _), ("setname", _), ("setinfo", _), ("info", _), ("kill", _), ("no-evict", _),
            ("no-touch", _), ("consistency", _):
            throw .arity("client|\(name)")
        default: throw .unknownSubcommand(command.slice(1), of: "CLIENT")
        }
        return .answered
    }

    private func setInformation(
        _ command: RESPCommand, of conversation: RedisConversation, _ writer: inout RESPWriter
    ) throws(RedisFault) {
        let attribute = command.slice(2)
        guard command.slice(3).allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw RedisFault("ERR \(attribute.text) cannot contain spaces, newlines or special characters.")
        }
        if attribute.means("lib-name") {
            conversation.session.library = command[3]
        } else if attribute.means("lib-ver") {
            conversation.session.libraryVersion = command[3]
        } else {
            throw RedisFault("ERR Unrecognized option '\(attribute.text)'")
        }
        writer.ok()
    }

    private var conversations: [RedisConversation] {
        (clients.map { Array($0.connections) } ?? []).compactMap { $0.conversation as? RedisConversation }
    }

    private func list(_ command: RESPCommand, _ writer: inout RESPWriter) throws(RedisFault) {
        var chosen = conversations
        if command.count == 4, command.slice(2).means("type") {
            let type = command.slice(3).text.lowercased()
            guard ["normal", "master", "replica", "slave", "pubsub"].contains(type) else {
                throw RedisFault("ERR Unknown client type '\(command.slice(3).text)'")
            }
            if type != "normal" { chosen = [] }
        } else if command.count > 3, command.slice(2).means("id") {
            var ids: [Int64] = []
            for index in 3..<command.count {
                guard let id = command.slice(index).integer else { throw RedisFault("ERR Invalid client ID") }
                ids.append(id)
            }
            chosen = chosen.filter { ids.contains($0.session.id) }
        } else if command.count > 2 {
            throw .syntax
        }
        writer.text(chosen.map { describe($0) + "\n" }.joined())
    }

    private func describe(_ conversation: RedisConversation) -> String {
        let session = conversation.session
        let connection = clients?.connection(at: conversation.place)
        let now = conversation.now.milliseconds
        let turn = conversation.clients.loop.turnTime
        let fields: [(String, String)] = [
            ("id", "\(session.id)"), ("addr", connection?.remoteAddress?.description ?? ""),
            ("laddr", connection?.localAddress?.description ?? ""), ("fd", "\(conversation.place)"),
            ("name", String(decoding: session.name, as: UTF8.self)),
            ("age", "\((now - min(now, conversation.begin.milliseconds)) / 1_000)"),
            ("idle", "\((turn - min(turn, connection?.lastRead ?? turn)) / 1_000)"),
            ("flags", session.isReadOnly ? "r" : "N"), ("db", "0"), ("sub", "0"), ("psub", "0"),
            ("multi", "\(session.queuedCommands)"), ("qbuf", "\(conversation.pendingBytes)"),
            ("obl", "\(conversation.answerBytes)"), ("cmd", session.lastCommand), ("user", "default"),
            ("lib-name", String(decoding: session.library, as: UTF8.self)),
            ("lib-ver", String(decoding: session.libraryVersion, as: UTF8.self)),
            ("resp", "\(session.version.rawValue)"), ("consistency", session.consistency.name),
        ]
        return fields.map { "\($0)=\($1)" }.joined(separator: " ")
    }

    /// Both forms: an address, and filters.
    private func kill(
        _ command: RESPCommand, of conversation: RedisConversation, _ writer: inout RESPWriter
    ) throws(RedisFault) -> Taken {
        let isOldForm = command.count == 3
        let filter = isOldForm ? KillFilter(address: command.slice(2).text) : try KillFilter(command)
        let victims = conversations.filter { victim in
            let connection = clients?.connection(at: victim.place)
            return filter.matches(
                id: victim.session.id, address: connection?.remoteAddress?.description ?? "",
                localAddress: connection?.localAddress?.description ?? "", isSelf: victim === conversation)
        }
        if isOldForm, victims.isEmpty { throw RedisFault("ERR No such client") }
        for victim in victims where victim !== conversation { clients?.connection(at: victim.place)?.close() }
        if isOldForm { writer.ok() } else { writer.integer(victims.count) }
        return victims.contains { $0 === conversation } ? .closing : .answered
    }
}
