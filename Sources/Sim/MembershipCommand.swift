import Flags
import Simulator

/// Gossip alone, at scale.
enum MembershipCommand {
    static var flags: FlagSet<MembershipOptions> {
        FlagSet(
            program: "\(SimulatorCommand.program) membership", summary: "gossip alone, at scale", operands: nil,
            flags: [
                .value("nodes", "N", \.nodes, .integer(in: 3...10_000), "how many"),
                .value("time", "TIME", \.time, .duration, "virtual time"),
                .value("seed", "N", \.seed, .seed, "decides everything"),
                .value("loss", "PART", \.loss, .part, "of the packets that is lost, from 0 to 1"),
            ])
    }

    /// - Returns: 1 when a goal was missed.
    static func run(_ options: MembershipOptions) -> Int32 {
        guard options.time >= .seconds(5), options.time <= .seconds(1_000 * 3_600) else {
            SimulatorCommand.complain(
                "\(SimulatorCommand.program) membership: -time must be from 5s to 1000h of virtual time")
            return 2
        }
        let holds = MembershipRun.run(
            nodes: options.nodes, time: options.time, seed: options.seed,
            loss: options.loss, print: { print($0) })
        return holds ? 0 : 1
    }
}
