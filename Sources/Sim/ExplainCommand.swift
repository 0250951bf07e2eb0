import Flags
import Glibc
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

    static func run(_ options: RunOptions) -> Int32 {
        guard let seed = options.seed else {
            SimulatorCommand.complain("\(SimulatorCommand.program) explain: needs -seed N, the run to explain")
            return 2
        }
        let shrinker = PlanShrinker { Terminal.write("\r\u{1B}[K\($0)", to: STDERR_FILENO) }
        guard let result = shrinker.shrink(Plan.made(by: options.request(seed: seed))) else {
            print("seed \(seed): every check holds, there is nothing to explain")
            return 0
        }
        Terminal.write("\n", to: STDERR_FILENO)
        if options.showsTrace { World(result.plan, print: { print($0) }).run() }
        show(result)
        return 1
    }

    private static func show(_ result: PlanShrinker.Result) {
        let plan = result.plan
        print("\(plan.members) of \(plan.nodes) nodes at first, \(plan.settings.replicas) replicas, \(plan.settings.slots) slots")
        print("faults, from the moment on at which the ring is ready:")
        for step in plan.steps { print("  \(step)") }
        for (client, operations) in plan.clients.enumerated() where !operations.isEmpty {
            print("client \(client):")
            for operation in operations { print("  \(operation)") }
        }
        print("FAILED \(result.failure)")
        let minimal = result.isMinimal ? "none of these can be left out" : "the search was given up"
        print("\(result.trials) runs; \(minimal)")
    }
}
