import Glibc
import UV

/// A run, its check and its report.
enum RunCommand {
    static func run(_ options: TortureOptions) -> Int32 {
        // A program that starts itself again must draw the same.
        let seed = options.seed ?? drawnSeed()
        let bin = options.bin ?? getenv("TORC_BIN").map { String(cString: $0) } ?? Files.ownFolder
        let plan = TorturePlan(options, seed: seed, program: Files.absolute(bin) + "/torc-node")
        if let complaint = prepare(plan) {
            Terminal.complain("\(complaint)")
            return 3
        }
        Terminal.say("seed \(seed), \(plan.nodes) nodes, \(plan.clients) clients, all in \(plan.folder)")
        let network = network(plan)
        if plan.faults.contains(.partition), let reason = network.cannotCut {
            Terminal.say("partitions are skipped: \(reason)")
        }
        do throws(IOError) {
            return try torment(plan, network, keeps: options.keeps)
        } catch {
            Terminal.complain("\(error.text)")
            return 3
        }
    }

    private static let seedName = "TORC_TORTURE_SEED"

    private static func drawnSeed() -> UInt64 {
        if let text = getenv(seedName), let seed = UInt64(String(cString: text)) { return seed }
        let seed = UInt64.random(in: 0..<1_000_000_000)
        setenv(seedName, "\(seed)", 1)
        return seed
    }

    private static func prepare(_ plan: TorturePlan) -> String? {
        setenv("SWIFT_BACKTRACE", "enable=no", 1)
        Signal.ignoreBrokenPipe()
        guard access(plan.program, X_OK) == 0 else { return "there is no \(plan.program)" }
        guard ChildProcess.run(["true"]) else { return "there is no setpriv (package util-linux)" }
        guard Files.makeFolder(plan.folder) else { return "\(plan.folder) cannot be made" }
        return nil
    }

    private static func network(_ plan: TorturePlan) -> any RingNetwork {
        guard plan.faults.contains(.partition) else { return LoopbackNetwork(because: "not asked for") }
        if let reason = NamespaceNetwork.enter() { return LoopbackNetwork(because: reason) }
        return NamespaceNetwork.make(folder: plan.folder)
            ?? LoopbackNetwork(because: "the network namespace cannot be set up")
    }

    private static func torment(
        _ plan: TorturePlan, _ network: any RingNetwork, keeps: Bool
    ) throws(IOError) -> Int32 {
        let loop = try Loop()
        let head = ["seed \(plan.seed), nodes \(plan.nodes), clients \(plan.clients)"]
        guard let record = HistoryWriter(path: plan.history, started: loop.now, comments: head) else {
            Terminal.complain("\(plan.history) cannot be made")
            return 3
        }
        let run = TortureRun(loop, plan, network: network, record: record)
        let signals = [
            try Signal(loop, SIGINT) { run.interrupt() }, try Signal(loop, SIGTERM) { run.interrupt() },
        ]
        run.run()
        for signal in signals { signal.close() }
        loop.close()
        return conclude(plan, run, keeps: keeps)
    }

    private static func conclude(_ plan: TorturePlan, _ run: TortureRun, keeps: Bool) -> Int32 {
        for line in run.report.lines { Terminal.say(line) }
        let violations = CheckCommand.check(plan.history)
        for failure in run.failures { Terminal.say("FAILED: \(failure)") }
        guard run.failures.isEmpty, violations?.isEmpty == true else {
            Terminal.say("verdict: FAILED, seed \(plan.seed); everything is kept in \(plan.folder)")
            return 1
        }
        Terminal.say("verdict: every law was kept")
        if !keeps { Files.remove(plan.folder) }
        return 0
    }
}
