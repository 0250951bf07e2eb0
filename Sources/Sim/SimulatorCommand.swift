import Simulator

enum SimulatorCommand {
    static func run(_ arguments: [String]) -> Int32 {
        let from = UInt64(arguments[1]) ?? 1
        let to = UInt64(arguments[2]) ?? 1
        for seed in from...to {
            var request = PlanRequest(seed: seed)
            if arguments.count > 4 { request.defect = arguments[4] }
            let world = World(Plan.made(by: request), print: arguments.count > 3 && arguments[3] == "-trace" ? { print($0) } : nil)
            let failure = world.run()
            print(seed, world.elapsed, world.counters, failure.map { "FAILED \($0)" } ?? "ok", String(world.traceHash, radix: 16))
        }
        return 0
    }
}
