import Flags

/// The command line of `torc-torture`.
enum TortureCommand {
    static let program = "torc-torture"

    private static var flags: FlagSet<TortureOptions> {
        FlagSet(
            program: program,
            summary: "a ring of real processes under faults, and what its clients saw checked; "
                + "torc-torture check FILE checks a history again",
            operands: nil,
            flags: [
                .value("time", "TIME", \.time, .duration, "for how long things go wrong"),
                .value("nodes", "N", \.nodes, .integer(in: 1...50), "nodes of the ring"),
                .value("clients", "N", \.clients, .integer(in: 1...200), "clients, each with one operation at a time"),
                .value("seed", "N", \.seed, .seed, "draws faults and operations (default: drawn)"),
                .value("faults", "NAME,…", \.faults, .list(of: .name), "what goes wrong"),
                .value("dir", "DIR", \.dir, .text, "data, logs and history (default ./torture-SEED)"),
                .value("history", "FILE", \.history, .text, "the history (default history.txt there)"),
                .value("bin", "DIR", \.bin, .text, "where torc-node is (default TORC_BIN, else beside this program)"),
                .value("evict-after", "TIME", \.evictAfter, .duration, "as torc-node -evict-after"),
                .value("pause", "TIME", \.pause, .duration, "the longest time that a node is paused"),
                .toggle("keep", \.keeps, "keeps the folder of a good run too"),
            ])
    }

    /// - Returns: the exit code: 1 when a law was broken, 2 when the command line cannot be used, 3 when the run
    ///   could not be made.
    static func run(_ arguments: [String]) -> Int32 {
        if arguments.dropFirst().first == "check" { return CheckCommand.run(Array(arguments.dropFirst(2))) }
        do throws(FlagError) {
            switch try flags.parse(arguments, into: TortureOptions()) {
            case .help:
                Terminal.say(flags.help(defaults: TortureOptions()))
                return 0
            case .run(let options, _): return RunCommand.run(options)
            }
        } catch {
            Terminal.complain("\(error); -help shows all flags")
            return 2
        }
    }
}
