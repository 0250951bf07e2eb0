import Protocol
import Redis

/// CONFIG: settings under Redis's names where it has them, and Torc's own.
extension RedisNode {
    private static let changeable = "cluster-redirect"

    private var parameters: [(name: String, value: String)] {
        var parameters = ring?.parameters ?? []
        parameters.append((Self.changeable, redirects ? "yes" : "no"))
        parameters.append(("cluster-enabled", redirects ? "yes" : "no"))
        parameters.append(("maxclients", "\(clients?.limits.clientsMax ?? 0)"))
        parameters.append(("proto-max-bulk-len", "\(Limits.valueBytesMax)"))
        parameters += [
            ("databases", "1"), ("maxmemory", "0"), ("maxmemory-policy", "noeviction"), ("save", ""),
            ("timeout", "0"), ("tcp-keepalive", "60"), ("enable-debug-command", allowsDebug ? "yes" : "no"),
        ]
        return parameters.sorted { $0.name < $1.name }
    }

    func takeConfig(_ command: RESPCommand, _ writer: inout RESPWriter) throws(RedisFault) {
        let name = command.slice(1).text.lowercased()
        switch (name, command.count) {
        case ("get", 3...):
            let patterns = (2..<command.count).map { Array(command.slice($0).text.lowercased().utf8) }
            let found = parameters.filter { parameter in
                patterns.contains { Glob.matches($0, Array(parameter.name.utf8)) }
            }
            writer.map(found.count)
            for parameter in found {
                writer.bulk(parameter.name)
                writer.bulk(parameter.value)
            }
        case ("set", 4...) where command.count % 2 == 0: try set(command, &writer)
        case ("resetstat", 2):
            commands = 0
            writer.ok()
        case ("rewrite", 2): throw RedisFault("ERR The server is running without a config file")
        case ("get", _), ("set", _), ("resetstat", _), ("rewrite", _): throw .arity("config|\(name)")
        default: throw .unknownSubcommand(command.slice(1), of: "CONFIG")
        }
    }

    /// All of it or nothing.
    private func set(_ command: RESPCommand, _ writer: inout RESPWriter) throws(RedisFault) {
        var redirects = redirects
        for index in stride(from: 2, to: command.count, by: 2) {
            let name = command.slice(index).text.lowercased()
            guard name == Self.changeable else {
                guard parameters.contains(where: { $0.name == name }) else {
                    throw RedisFault("ERR Unknown option or number of arguments for CONFIG SET - '\(name)'")
                }
                throw RedisFault(
                    "ERR CONFIG SET failed (possibly related to argument '\(name)') - can't set immutable config")
            }
            let value = command.slice(index + 1)
            guard value.means("yes") || value.means("no") else {
                throw RedisFault(
                    "ERR CONFIG SET failed (possibly related to argument '\(name)') - argument must be 'yes' or 'no'")
            }
            redirects = value.means("yes")
        }
        self.redirects = redirects
        writer.ok()
    }
}
