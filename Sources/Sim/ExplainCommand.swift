import Flags
import Simulator

/// The smallest part of a failing run that still fails.
enum ExplainCommand {
    static var flags: FlagSet<RunOptions> {
        FlagSet(
            program: "\(SimulatorCommand.program) explain",
            summary: "the fewest faults and operations of a failing run that still fail", operands: nil,
            flags: [
                .value("seed", "N", \.seed, .seed, "of the run"),
                .value("nodes", "N", \.nodes, .integer(in: 1...50), "as in that run"),
                .value("time", "TIME", \.time, .duration, "as in that run"),
                .value("faults", "all|none|NAME,…", \.faults, .faults, "as in that run"),
                .value("defect", "NAME", \.defect, .defect, "as in that run"),
                .toggle("trace", \.showsTrace, "shows what happens in what is left"),
            ])
    }

    static func run(_ options: RunOptions) -> Int32 { 0 }
}
