import Protocol

/// SET, SETEX, PSETEX, GETEX: values with an expiry.
enum SetCommand {
    private struct Options {
        var condition = Expectation.any
        var expiry: (unit: TimeUnit, word: Int)?
        var keeps = false
        var persists = false
        var getsOld = false

        /// The same unit may be given again; the last counts.
        func mayExpire(in unit: TimeUnit) -> Bool { !keeps && !persists && (expiry.map { $0.unit == unit } ?? true) }
    }

    static func call(_ command: RESPCommand) throws(RedisFault) -> Call {
        let options = try options(of: command, from: 3)
        guard !options.persists else { throw .syntax }
        let lifetime = try lifetime(options, command) ?? (options.keeps ? .kept : .forever)
        let write = Write(
            .set(try command.content(2)), if: options.condition, for: lifetime, answersOld: options.getsOld)
        return .write(try command.key(1), write, reply: options.getsOld ? .old : .okOrNull)
    }

    static func expiring(_ command: RESPCommand, _ unit: TimeUnit) throws(RedisFault) -> Call {
        let lifetime = try unit.lifetime(command.integer(2), command.nameText)
        return .write(try command.key(1), Write(.set(try command.content(3)), for: lifetime), reply: .okOrNull)
    }

    static func getAndExpire(_ command: RESPCommand) throws(RedisFault) -> Call {
        let options = try options(of: command, from: 2)
        guard options.condition == .any, !options.keeps, !options.getsOld else { throw .syntax }
        let key = try command.key(1)
        do throws(RedisFault) {
            guard let lifetime = try lifetime(options, command) ?? (options.persists ? .forever : nil) else {
                return .read(key, reply: .value)
            }
            return .write(key, Write(.keep, for: lifetime, answersOld: true), reply: .old)
        } catch {
            // Redis looks at the time only where the key is there.
            return .read(key, reply: .view(.fault(error)))
        }
    }

    private static func options(of command: RESPCommand, from first: Int) throws(RedisFault) -> Options {
        var options = Options()
        var index = first
        while index < command.count {
            let word = command.slice(index)
            if word.means("nx"), options.condition != .present {
                options.condition = .absent
            } else if word.means("xx"), options.condition != .absent {
                options.condition = .present
            } else if word.means("get") {
                options.getsOld = true
            } else if word.means("keepttl"), options.expiry == nil, !options.persists {
                options.keeps = true
            } else if word.means("persist"), options.expiry == nil, !options.keeps {
                options.persists = true
            } else if let unit = TimeUnit(word), options.mayExpire(in: unit), index + 1 < command.count {
                options.expiry = (unit, index + 1)
                index += 1
            } else {
                throw .syntax
            }
            index += 1
        }
        return options
    }

    private static func lifetime(
        _ options: Options, _ command: RESPCommand
    ) throws(RedisFault) -> Write.Lifetime? {
        guard let (unit, word) = options.expiry else { return nil }
        return try unit.lifetime(command.integer(word), command.nameText)
    }
}
