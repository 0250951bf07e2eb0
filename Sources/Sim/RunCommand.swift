import Cluster
import Flags
import Glibc
import Simulator

/// Runs of a whole ring: one, or many.
enum RunCommand {
    private static let nodesMax = 50

    static var flags: FlagSet<RunOptions> {
        FlagSet(
            program: SimulatorCommand.program,
            summary: "a whole ring in one thread; also: torc-sim membership -help, torc-sim explain -help",
            operands: nil,
            flags: [
                .value("seed", "N", \.seed, .seed, "one run; the seed decides everything (default: drawn)"),
                .value("seeds", "N", \.seeds, .integer(in: 1...100_000_000), "so many runs, one seed after the other"),
                .value("from", "N", \.from, .seed, "the first of them (default: drawn)"),
                .value("replay", "N", \.replay, .seed, "the run of that seed again, bit for bit"),
                .value("nodes", "N", \.nodes, .integer(in: 1...nodesMax), "nodes at the beginning (default: the seed's choice)"),
                .value("time", "TIME", \.time, .duration, "for how long things go wrong (default: the seed's choice)"),
                .value("faults", "all|none|NAME,…", \.faults, .faults, "what may go wrong (default: the seed's choice)"),
                .value("jobs", "N", \.jobs, .integer(in: 1...256), "runs at a time (default: one for each core)"),
                .value("limit", "TIME", \.limit, .duration, "begins no run after so much real time"),
                .value("defect", "NAME", \.defect, .defect, "a defect that the run shall find"),
                .toggle("defects", \.listsDefects, "lists the defects"),
                .toggle("trace", \.showsTrace, "shows what happens"),
                .toggle("hash", \.showsHash, "shows the hash of the trace: equal runs have the same"),
            ])
    }

    static func run(_ options: RunOptions) -> Int32 {
        if options.listsDefects {
            for defect in Defect.allCases { print(defect.rawValue) }
            return 0
        }
        if let complaint = options.complaint {
            SimulatorCommand.complain("\(SimulatorCommand.program): \(complaint)")
            return 2
        }
        if let seeds = options.seeds { return SweepCommand(options, seeds: seeds).run() }
        let seed = options.replay ?? options.seed ?? .random(in: 0..<1_000_000_000)
        return single(options, seed: seed)
    }

    private static func single(_ options: RunOptions, seed: UInt64) -> Int32 {
        let world = World(
            Plan.made(by: options.request(seed: seed)), print: options.showsTrace ? { print($0) } : nil)
        world.run()
        let result = RunResult(of: world)
        if options.showsHash { print("trace \(String(result.traceHash, radix: 16))") }
        guard let failure = result.failure else {
            print("seed \(seed): \(result.elapsed.words), \(result.counters.words): every check held")
            return 0
        }
        print("seed \(seed) FAILED \(failure)")
        print("again: \(options.replayLine(seed: seed)) -trace")
        return 1
    }
}
