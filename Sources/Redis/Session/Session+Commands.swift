import Protocol

/// The commands of the connection itself.
extension Session {
    mutating func take(
        _ kind: SessionCommand, _ command: RESPCommand, at now: Timestamp, _ writer: inout RESPWriter
    ) throws(RedisFault) -> Step {
        switch kind {
        case .ping: try ping(command, &writer)
        case .echo: writer.bulk(command.slice(1))
        case .hello: try hello(command, &writer)
        case .auth: try auth(command, &writer)
        case .quit:
            writer.ok()
            return .closing
        case .reset: reset(&writer)
        case .select:
            if let fault = Session.selected(command) { throw fault }
            writer.ok()
        case .time: Reply.constant(.time).write([], at: now, to: &writer)
        case .command: try CommandCommand.write(command, to: &writer)
        case .multi: takeMulti(&writer)
        case .discard: takeDiscard(&writer)
        case .exec: return try takeExec(&writer)
        case .watch:
            guard queue == nil else {
                writer.error("ERR WATCH inside MULTI is not allowed")
                return .answered
            }
            return .watch(try command.keys(from: 1))
        case .unwatch:
            watched = []
            writer.ok()
        case .readOnly, .readWrite:
            isReadOnly = kind == .readOnly
            writer.ok()
        case .asking: writer.ok()
        case .wait: return try wait(command)
        }
        return .answered
    }

    private func ping(_ command: RESPCommand, _ writer: inout RESPWriter) throws(RedisFault) {
        switch command.count {
        case 1: writer.simple("PONG")
        case 2: writer.bulk(command.slice(1))
        default: throw .arity("ping")
        }
    }

    /// Why there is no such database; nil: there is.
    static func selected(_ command: RESPCommand) -> RedisFault? {
        guard let number = command.slice(1).integer else { return .notAnInteger }
        return number == 0 ? nil : RedisFault("ERR DB index is out of range")
    }

    private mutating func reset(_ writer: inout RESPWriter) {
        endTransaction()
        version = .two
        name = []
        consistency = .quorum
        isReadOnly = false
        writer = RESPWriter(.two, output: writer.output)
        writer.simple("RESET")
    }

    private func auth(_ command: RESPCommand, _ writer: inout RESPWriter) throws(RedisFault) {
        switch command.count {
        case 2:
            throw RedisFault(
                "ERR AUTH <password> called without any password configured for the default user. "
                    + "Are you sure your configuration is correct?")
        case 3 where command.slice(1).elementsEqual("default".utf8): writer.ok()
        case 3: throw Session.wrongPassword
        default: throw .syntax
        }
    }

    private static let wrongPassword = RedisFault("WRONGPASS invalid username-password pair or user is disabled.")

    private mutating func hello(_ command: RESPCommand, _ writer: inout RESPWriter) throws(RedisFault) {
        var chosen = version
        var newName: [UInt8]?
        if command.count > 1 {
            guard let number = command.slice(1).integer else {
                throw RedisFault("ERR Protocol version is not an integer or out of range")
            }
            guard let version = RESPVersion(rawValue: Int(clamping: number)) else {
                throw RedisFault("NOPROTO unsupported protocol version")
            }
            chosen = version
        }
        var index = 2
        while index < command.count {
            let word = command.slice(index)
            if word.means("auth"), index + 2 < command.count {
                guard command.slice(index + 1).elementsEqual("default".utf8) else { throw Session.wrongPassword }
                index += 3
            } else if word.means("setname"), index + 1 < command.count {
                newName = try Session.checkedName(command[index + 1])
                index += 2
            } else {
                throw RedisFault("ERR Syntax error in HELLO option '", word, "'")
            }
        }
        version = chosen
        if let newName { name = newName }
        writer = RESPWriter(chosen, output: writer.output)
        greet(&writer)
    }

    private func greet(_ writer: inout RESPWriter) {
        writer.map(7)
        writer.bulk("server")
        // What speaks to it as to a Redis, of that version.
        writer.bulk("redis")
        writer.bulk("version")
        writer.bulk(RedisVersion.text)
        writer.bulk("proto")
        writer.integer(version.rawValue)
        writer.bulk("id")
        writer.integer(id)
        writer.bulk("mode")
        writer.bulk("standalone")
        writer.bulk("role")
        writer.bulk("master")
        writer.bulk("modules")
        writer.array(0)
    }

    package static func checkedName(_ name: [UInt8]) throws(RedisFault) -> [UInt8] {
        guard name.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw RedisFault("ERR Client names cannot contain spaces, newlines or special characters.")
        }
        return name
    }

    private func wait(_ command: RESPCommand) throws(RedisFault) -> Step {
        let replicas = try command.integer(1)
        guard let timeout = command.slice(2).integer else {
            throw RedisFault("ERR timeout is not an integer or out of range")
        }
        guard timeout >= 0 else { throw RedisFault("ERR timeout is negative") }
        return .wait(replicas: replicas, patience: timeout == 0 ? nil : .milliseconds(timeout))
    }
}
