import Protocol

/// Commands that concern the node, or all keys of the ring.
package enum NodeCommand: Sendable {
    case client, cluster, config, info, role, latency, debug
    case databaseSize, scan, keys, randomKey, flush

    package var hasOthersBeneath: Bool {
        switch self {
        case .client, .cluster, .config, .latency, .debug: true
        default: false
        }
    }

    /// Whether it asks no slot, so that it can stand in a transaction.
    func isKnownAtOnce(_ command: RESPCommand) -> Bool {
        switch self {
        case .databaseSize, .scan, .keys, .randomKey, .flush: false
        case .cluster: !command.slice(1).means("countkeysinslot") && !command.slice(1).means("getkeysinslot")
        case .client, .config, .info, .role, .latency, .debug: true
        }
    }

    static let table: [CommandInfo] = [
        info(
            "client", -2, "noscript loading stale", "connection", "Of this connection and the others.", .client,
            beneath: [
                ("consistency", -2), ("getname", 2), ("id", 2), ("info", 2), ("kill", -3), ("list", -2),
                ("no-evict", 3), ("no-touch", 3), ("setinfo", 4), ("setname", 3), ("help", 2),
            ]),
        info(
            "cluster", -2, "loading stale", "cluster", "Which node leads which slots.", .cluster,
            beneath: [
                ("countkeysinslot", 3), ("getkeysinslot", 4), ("info", 2), ("keyslot", 3), ("links", 2), ("myid", 2),
                ("nodes", 2), ("shards", 2), ("slots", 2), ("help", 2),
            ]),
        info(
            "config", -2, "admin noscript loading stale", "server", "Settings, as Redis names them.", .config,
            beneath: [("get", -3), ("resetstat", 2), ("rewrite", 2), ("set", -4), ("help", 2)]),
        info("info", -1, "loading stale", "server", "How the node is.", .info),
        info("role", 1, "noscript loading stale fast", "server", "Every node leads its share.", .role),
        info(
            "latency", -2, "admin noscript loading stale", "server", "Nothing is monitored.", .latency,
            beneath: [("history", 3), ("latest", 2), ("reset", -2), ("help", 2)]),
        info("debug", -2, "admin noscript loading stale", "server", "For tests.", .debug),
        info("dbsize", 1, "readonly fast", "server", "How many keys the ring has.", .databaseSize),
        info("scan", -2, "readonly", "generic", "Walks over the keys of the ring.", .scan),
        info("keys", 2, "readonly", "generic", "All keys that match a pattern.", .keys),
        info("randomkey", 1, "readonly", "generic", "Some key.", .randomKey),
        info("flushall", -1, "write", "server", "Deletes every key of the ring.", .flush),
        info("flushdb", -1, "write", "server", "Deletes every key of the ring.", .flush),
    ]

    private static func info(
        _ name: String, _ arity: Int, _ flags: String, _ group: String, _ summary: String, _ command: NodeCommand,
        beneath: [(name: String, arity: Int)] = []
    ) -> CommandInfo {
        CommandInfo(name, arity, flags, group, summary, .node(command), beneath: beneath)
    }
}
