import Protocol
import Redis
import UV

/// INFO: what Redis's tools look for, and what a node of a ring has to say.
extension RedisNode {
    func information(_ command: RESPCommand) -> String {
        let asked = (1..<max(command.count, 1)).map { command.slice($0).text.lowercased() }
        let all = asked.isEmpty || asked.contains { ["all", "default", "everything"].contains($0) }
        let chosen = sections.filter { all || asked.contains($0.name.lowercased()) }
        return chosen.map { section in
            "# \(section.name)\r\n" + section.fields.map { "\($0):\($1)\r\n" }.joined()
        }.joined(separator: "\r\n")
    }

    private var sections: [(name: String, fields: [(String, String)])] {
        let counts = ring?.counts
        let uptime = (ContinuousClock.now - begin).components.seconds
        return [
            ("Server", [
                ("redis_version", RedisVersion.text), ("torc_version", NodeOptions.version),
                ("redis_mode", redirects ? "cluster" : "standalone"), ("node_id", node.text),
                ("run_id", ring?.member.clusterID ?? ""), ("os", "Linux"), ("process_id", "\(UV.Process.id)"),
                ("tcp_port", ring?.parameters.first { $0.name == "port" }?.value ?? "0"),
                ("uptime_in_seconds", "\(uptime)"), ("uptime_in_days", "\(uptime / 86_400)"),
            ]),
            ("Clients", [("connected_clients", "\(clients?.count ?? 0)"), ("blocked_clients", "0")]),
            ("Memory", [
                ("used_memory", "\(UV.Process.residentBytes)"), ("used_memory_human", "\(UV.Process.residentBytes >> 20)M"),
                ("used_memory_rss", "\(UV.Process.residentBytes)"), ("maxmemory", "0"), ("maxmemory_policy", "noeviction"),
            ]),
            ("Persistence", [("loading", "0"), ("rdb_bgsave_in_progress", "0"), ("aof_enabled", "1")]),
            ("Stats", [
                ("total_connections_received", "\(connections)"), ("total_commands_processed", "\(commands)"),
            ]),
            ("Replication", [("role", "master"), ("connected_slaves", "0"), ("master_repl_offset", "0")]),
            ("Cluster", [("cluster_enabled", redirects ? "1" : "0")]),
            ("Torc", [
                ("slots_held", "\(counts?.held ?? 0)"), ("slots_led", "\(counts?.open ?? 0)"),
                ("slots_targeted", "\(ring?.slotsTargeted ?? 0)"), ("keys_held", "\(counts?.keys ?? 0)"),
                ("slots_unsettled", "\(ring?.slotsUnsettled ?? 0)"),
            ]),
            ("Keyspace", [("db0", "keys=\(counts?.keysLed ?? 0),expires=0,avg_ttl=0")]),
        ]
    }
}
