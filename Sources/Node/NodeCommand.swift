import Flags
import Glibc
import Server
import Storage

/// The command line of `torc-node`.
enum NodeCommand {
    private static var flags: FlagSet<NodeOptions> {
        FlagSet(
            program: "torc-node", summary: "a node of a ring that stores keys and values", operands: nil,
            flags: [
                .value("id", "NAME", \.id, .text, "this node's name (default: made once, kept in the data folder)"),
                .value("addr", "HOST:PORT", \.address, .address, "where to listen, TCP and UDP"),
                .value("join", "ADDR[,ADDR…]", \.join, .list(of: .address), "members of the ring to join"),
                .value("data", "DIR", \.data, .text, "data folder (default ./data/ID, without -id ./data/node-PORT)"),
                .value("storage", "rocksdb|memory", \.storage, .name, "where the data is kept"),
                .value(
                    "memory", "SIZE", \.memoryBytes, .bytes,
                    "what the entries may take of memory; beyond, those not used lately are on disk only; 0: no limit"),
                .value("replicas", "N", \.replicas, .integer(in: 1...7), "copies of each key; the same in all the ring"),
                .value("fsync", "always|everysec|never", \.fsync, .name, "when a write counts as durable"),
                .value("zone", "NAME", \.zone, .text, "copies of a key are spread over zones"),
                .value("weight", "N", \.weight, .integer(in: 1...64), "how many times an ordinary share to take"),
                .value("evict-after", "TIME", \.evictAfter, .duration, "when a dead node's slots go to others"),
                .value("leave-timeout", "TIME", \.leaveTimeout, .duration, "how long handing over may take; then it exits with 3"),
                .value("failover-after", "TIME", \.failoverAfter, .duration, "when a silent node's role is taken over"),
                .value(
                    "transfer-rate", "SIZE", \.transferRate, .bytes,
                    "bytes a second that a node supplies to those that copy; 0: no limit, and slots change hands without pauses"),
                .value("backlog", "SIZE", \.backlogBytes, .bytes, "latest writes kept for nodes that were away"),
                .value("log-level", "debug|info|warning|error", \.logLevel, .name, "what is logged to stderr"),
                .value("log-format", "text|json", \.logFormat, .name, "how it is logged"),
                .value("on-int", "leave|stop", \.onInt, .name, "what SIGINT does: hand all slots over, or keep the data"),
                .value("on-term", "leave|stop", \.onTerm, .name, "what SIGTERM does"),
                .toggle("redis-cluster", \.redisCluster, "answers Redis clients MOVED where another node leads the slot"),
                .toggle("debug-command", \.debugCommand, "serves Redis's DEBUG SLEEP, for tests"),
                .toggle("insecure", \.insecure, "listen beyond this machine although nothing protects the ring there"),
                .toggle("version", \.showsVersion, "shows the version"),
            ])
    }

    /// - Returns: the exit code.
    static func run(_ arguments: [String]) -> Int32 {
        do throws(FlagError) {
            switch try flags.parse(arguments, into: NodeOptions()) {
            case .help:
                print(flags.help(defaults: NodeOptions()))
                return 0
            case .run(let options, _) where options.showsVersion:
                print("torc-node \(NodeOptions.version)")
                return 0
            case .run(let options, _):
                Malloc.restartWithSetting()
                return NodeProgram.run(options)
            }
        } catch {
            NodeProgram.complain(flags.complaint(error))
            return 2
        }
    }
}
