import Protocol
import UV

/// The runs of one `torc bench`: keys first, then what is measured, then its report.
struct BenchRun {
    private static let loadPipeline = 64

    private let loop: Loop
    private let options: BenchOptions
    private let output: Output

    init(_ loop: Loop, _ options: BenchOptions, _ output: Output) {
        self.loop = loop
        self.options = options
        self.output = output
    }

    func run(_ plan: RunPlan, _ peer: RunPlan?) throws(BenchError) -> Int32 {
        let ours = try AddressLookup.resolve(plan.target.addresses, on: loop)
        guard let peer else {
            try load(plan, ours)
            let result = try measure(plan, ours)
            output.say(RunTable.lines(result, plan))
            return write(plan, [("run", RunReport.value(result, plan))])
        }
        let theirs = try AddressLookup.resolve(peer.target.addresses, on: loop)
        try load(plan, ours)
        try load(peer, theirs)
        return try compare(plan, ours, peer, theirs)
    }

    private func compare(
        _ plan: RunPlan, _ ours: [SocketAddress], _ peer: RunPlan, _ theirs: [SocketAddress]
    ) throws(BenchError) -> Int32 {
        var comparison = Comparison()
        for round in 0..<options.rounds {
            // Who comes first changes, so that what warms up or tires favours nobody.
            let first = round % 2 == 0 ? try measure(plan, ours) : nil
            let other = try measure(peer, theirs)
            let own: RunResult
            if let first { own = first } else { own = try measure(plan, ours) }
            comparison.add(own, other)
        }
        if let last = comparison.rounds.last {
            output.say(RunTable.lines(last.ours, plan) + [""] + RunTable.lines(last.theirs, peer) + [""])
        }
        output.say(comparison.lines(plan.target.description, peer.target.description))
        let rounds = comparison.rounds.map { round in
            JSONValue.object([("server", RunReport.value(round.ours, plan)), ("against", RunReport.value(round.theirs, peer))])
        }
        return write(plan, [("against", .text(peer.target.description)), ("rounds", .list(rounds)), ("ratios", comparison.value)])
    }

    /// Verbs that are about keys that are there already.
    private static let keyed: [Verb] = [.get, .set, .del, .insert, .rmw]

    private func load(_ plan: RunPlan, _ addresses: [SocketAddress]) throws(BenchError) {
        guard options.load == .yes, plan.verbs.contains(where: BenchRun.keyed.contains) else { return }
        var filling = plan
        filling.load = .fill
        filling.pipeline = min(BenchRun.loadPipeline, max(1, plan.keys / plan.connections))
        filling.isRouted = false
        filling.waitReplicas = 0
        filling.serverPIDs = []
        let result = try measure(filling, addresses)
        guard let error = result.errors.kinds.first else { return }
        throw BenchError("the keys cannot be loaded: \(error.text) (-load no leaves it out)")
    }

    /// - Parameter addresses: those of the plan's target.
    private func measure(_ plan: RunPlan, _ addresses: [SocketAddress]) throws(BenchError) -> RunResult {
        let onProgress = output.showsProgress ? { (generator: Generator) in show(generator) } : nil
        // Asked before each run: primaries may change in between.
        let layout = plan.isRouted ? try LayoutQuery.ask(addresses, on: loop) : nil
        let generator = try Generator(loop, plan, layout: layout, onProgress: onProgress)
        defer { output.endProgress() }
        let places = plan.isRouted ? try AddressLookup.resolve(generator.servers, on: loop) : addresses
        return try generator.run(to: places)
    }

    private func show(_ generator: Generator) {
        let (all, seconds) = (generator.tally.all, generator.seconds)
        output.progress(
            "\(generator.plan.target.description) \(Words.fixed(seconds, 0)) s  \(Words.grouped(Int(clamping: all.count)))"
                + " \(generator.plan.load == .fill ? "loaded" : "done")  \(Words.grouped(Double(all.count) / max(seconds, 0.001)))/s"
                + "  p50 \(Words.milliseconds(all.value(at: 0.5))) ms  p99 \(Words.milliseconds(all.value(at: 0.99))) ms"
                + "  errors \(generator.tally.errors.count)")
    }

    private func write(_ plan: RunPlan, _ fields: [(String, JSONValue)]) -> Int32 {
        guard let file = options.file else { return 0 }
        let settings: [(String, JSONValue)] = [("server", .text(plan.target.description))] + RunReport.settings(plan)
        guard let complaint = output.writeFile(file, JSONValue.object(settings + fields).bytes + [0x0A]) else { return 0 }
        output.complain(complaint)
        return 3
    }
}
