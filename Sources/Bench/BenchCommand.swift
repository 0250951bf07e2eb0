import Flags
import Protocol
import UV

/// `torc bench` from its arguments to its exit code: 0 when it has measured, 2 for a command line that cannot be used, 3
/// when servers do not answer.
package enum BenchCommand {
    /// - Parameters:
    ///   - arguments: those behind `bench`.
    ///   - defaults: what flags before `bench` said.
    package static func run(_ arguments: [String], defaults: BenchOptions) -> Int32 {
        let output = Output()
        let flags = BenchOptions.flags
        do throws(FlagError) {
            switch try flags.parse(["torc bench"] + arguments, into: defaults) {
            case .help:
                output.say([flags.help(defaults: defaults)])
                return 0
            case .run(let options, _): return run(options, output)
            }
        } catch {
            output.complain("\(error); torc bench -help shows all flags")
            return 2
        }
    }

    private static func run(_ options: BenchOptions, _ output: Output) -> Int32 {
        Signal.ignoreBrokenPipe()
        let loop: Loop
        do throws(IOError) {
            loop = try Loop()
        } catch {
            output.complain(error.text)
            return 3
        }
        defer { loop.close() }
        if let address = options.nullServer { return serveNothing(on: address, options, loop, output) }
        do throws(BenchError) {
            let plan = try options.plan()
            try plan.check()
            let peer = options.peerPlan(of: plan)
            try peer?.check()
            return try BenchRun(loop, options, output).run(plan, peer)
        } catch {
            output.complain(error.message)
            return error.isUsage ? 2 : 3
        }
    }

    /// Until the process is ended.
    private static func serveNothing(
        on address: String, _ options: BenchOptions, _ loop: Loop, _ output: Output
    ) -> Int32 {
        do {
            guard let server = NodeAddress(address) else { throw BenchError("\(address) is no address") }
            let place = try AddressLookup.resolve(server, on: loop)
            let null = try NullServer(loop, on: place, valueSize: options.size ?? 100)
            output.say(["torc bench: null server ready on \(null.address)"])
            loop.run()
            return 0
        } catch let error as BenchError {
            output.complain(error.message)
        } catch {
            output.complain("\(error)")
        }
        return 3
    }
}
