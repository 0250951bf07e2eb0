import Cluster
import Flags
import Simulator

/// How long a node takes to compute the table of targets, in real time.
enum TargetsCommand {
    static var flags: FlagSet<TargetsOptions> {
        FlagSet(
            program: "\(SimulatorCommand.program) targets", summary: "times the table of targets of a large ring", operands: nil,
            flags: [
                .value("nodes", "N", \.nodes, .integer(in: 1...10_000), "active nodes, all of weight 1 and in one zone"),
                .value("replicas", "N", \.replicas, .integer(in: 1...7), "nodes a slot"),
                .value("rounds", "N", \.rounds, .integer(in: 1...1_000), "how often it is computed"),
            ])
    }

    /// A line for each round: its milliseconds, and the digest of the table, which every round must agree on.
    static func run(_ options: TargetsOptions) -> Int32 {
        let (ring, clock) = (Ring.plain(options.nodes), ContinuousClock())
        print("\(options.nodes) nodes, \(options.replicas) replicas")
        for _ in 0..<options.rounds {
            let start = clock.now
            let targets = Targets(ring: ring, replicas: options.replicas)
            let microseconds = Int((clock.now - start) / .microseconds(1))
            print("\(Double(microseconds) / 1_000) ms, table \(String(targets.digest, radix: 16))")
        }
        return 0
    }
}
