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

    static let table: [CommandInfo] = [
        info("client", -2, "noscript loading stale", "connection", "Of this connection and the others.", .client),
        info("cluster", -2, "loading stale", "cluster", "Which node leads which slots.", .cluster),
        info("config", -2, "admin noscript loading stale", "server", "Settings, as Redis names them.", .config),
        info("info", -1, "loading stale", "server", "How the node is.", .info),
        info("role", 1, "noscript loading stale fast", "server", "Every node leads its share.", .role),
        info("latency", -2, "admin noscript loading stale", "server", "Nothing is monitored.", .latency),
        info("debug", -2, "admin noscript loading stale", "server", "For tests.", .debug),
        info("dbsize", 1, "readonly fast", "server", "How many keys the ring has.", .databaseSize),
        info("scan", -2, "readonly", "generic", "Walks over the keys of the ring.", .scan),
        info("keys", 2, "readonly", "generic", "All keys that match a pattern.", .keys),
        info("randomkey", 1, "readonly", "generic", "Some key.", .randomKey),
        info("flushall", -1, "write", "server", "Deletes every key of the ring.", .flush),
        info("flushdb", -1, "write", "server", "Deletes every key of the ring.", .flush),
    ]

    private static func info(
        _ name: String, _ arity: Int, _ flags: String, _ group: String, _ summary: String, _ command: NodeCommand
    ) -> CommandInfo {
        CommandInfo(name, arity, flags, group, summary, .node(command))
    }
}
