import Flags

/// Gossip alone, at scale.
enum MembershipCommand {
    static var flags: FlagSet<MembershipOptions> {
        FlagSet(
            program: "\(SimulatorCommand.program) membership", summary: "gossip alone, at scale", operands: nil,
            flags: [
                .value("nodes", "N", \.nodes, .integer(in: 3...10_000), "how many"),
                .value("time", "TIME", \.time, .duration, "virtual time"),
                .value("seed", "N", \.seed, .seed, "decides everything"),
            ])
    }

    static func run(_ options: MembershipOptions) -> Int32 { 0 }
}
