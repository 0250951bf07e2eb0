import Protocol

/// A command that is served: what COMMAND says of it, and what it does.
package final class CommandInfo: Sendable {
    package enum Kind: Sendable {
        /// It asks keys.
        case call(@Sendable (RESPCommand) throws(RedisFault) -> Call)
        /// Of the connection.
        case session(SessionCommand)
        /// Of the node, or of the whole ring.
        case node(NodeCommand)
    }

    package let name: String
    /// How many words with its name; negative: at least as many.
    package let arity: Int
    package let flags: [String]
    /// The first key, the last (negative: from the end), and the step between them; 0: none.
    package let keys: (first: Int, last: Int, step: Int)
    package let group: String
    package let summary: String
    package let kind: Kind
    /// Commands beneath it: names and arities.
    package let beneath: [(name: String, arity: Int)]
    /// Whether all its keys must be of one slot.
    package let needsOneSlot: Bool
    /// Whether what it does is said by its first argument.
    package let isContainer: Bool

    init(
        _ name: String, _ arity: Int, _ flags: String, keys: (Int, Int, Int) = (0, 0, 0), _ group: String,
        _ summary: String, _ kind: Kind, beneath: [(name: String, arity: Int)] = []
    ) {
        self.name = name
        self.arity = arity
        self.flags = flags.split(separator: " ").map(String.init)
        self.keys = keys
        self.group = group
        self.summary = summary
        self.kind = kind
        self.beneath = beneath
        needsOneSlot = ["copy", "rename", "renamenx", "msetnx"].contains(name)
        isContainer = ["client", "cluster", "command", "config", "latency", "memory", "object"].contains(name)
    }

    package func accepts(count: Int) -> Bool { arity >= 0 ? count == arity : count >= -arity }

    /// Whether the first word of commands beneath it is a key.
    var hasKeysBeneath: Bool { name == "object" || name == "memory" }

    /// - Throws: where there is no such command beneath it, or its words are too many or too few.
    func checkBeneath(_ command: RESPCommand) throws(RedisFault) {
        guard !beneath.isEmpty, command.count > 1 else { return }
        let name = command.slice(1)
        guard let found = beneath.first(where: { name.elementsEqual($0.name.utf8, by: Self.isSameLetter) }) else {
            throw .unknownSubcommand(name, of: self.name.uppercased())
        }
        guard found.arity >= 0 ? command.count == found.arity : command.count >= -found.arity else {
            throw .arity("\(self.name)|\(found.name)")
        }
    }

    private static func isSameLetter(_ given: UInt8, _ lower: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(given) ? given | 0x20 == lower : given == lower
    }

    package var isWrite: Bool { flags.contains("write") }

    /// The keys of a command.
    package func keys(of command: RESPCommand) -> [[UInt8]] {
        if hasKeysBeneath { return command.count > 2 ? [command[2]] : [] }
        guard keys.first > 0, command.count > keys.first else { return [] }
        let last = keys.last < 0 ? command.count + keys.last : keys.last
        return stride(from: keys.first, through: min(last, command.count - 1), by: keys.step).map { command[$0] }
    }
}
