import Client
import Flags

/// What the flags of `torc` say.
struct Settings {
    var servers = ["localhost:8081"]
    var printsJSON = false
    var consistency = TorcConsistency.quorum
    var timeout = Duration.seconds(5)

    static var flags: FlagSet<Settings> {
        FlagSet(
            program: "torc", summary: "talks to a ring; without a command, line by line",
            operands: "[COMMAND ARGS…]",
            flags: [
                .value("server", "ADDR[,ADDR…]", \.servers, .list(of: .address), "members to talk to; the first that answers"),
                .toggle("json", \.printsJSON, "prints answers as JSON, one object a line"),
                .value("consistency", "one|quorum|all", \.consistency, .name, "what reads and writes wait for"),
                .value("timeout", "TIME", \.timeout, .duration, "how long to wait for an answer"),
            ])
    }
}
