import Bench
import Client
import Flags
import Glibc
import Protocol

/// `torc` from its arguments to its exit code.
enum Program {
    static func run(_ arguments: [String]) -> ExitCode {
        let flags = Settings.flags
        do throws(FlagError) {
            switch try flags.parse(arguments, into: Settings()) {
            case .help:
                Printer(names: true).line(flags.help(defaults: Settings()) + "\n\n" + Command.manual)
                return .ok
            case .run(let settings, let operands) where operands.first?.lowercased() == "bench":
                return bench(settings, Array(operands.dropFirst()))
            case .run(let settings, let operands):
                return run(settings, rawArguments().suffix(operands.count))
            }
        } catch {
            Printer(names: false).error(flags.complaint(error))
            return .usage
        }
    }

    private static func run(_ settings: Settings, _ operands: ArraySlice<[UInt8]>) -> ExitCode {
        let isInteractive = operands.isEmpty && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
        let printer = Printer(names: !isInteractive)
        let client: TorcClient
        do throws(TorcError) {
            client = try TorcClient(servers: settings.servers, options: ClientOptions(timeout: settings.timeout))
        } catch {
            printer.error(error.message)
            return error.code == .invalidRequest ? .usage : .unavailable
        }
        let executor = Executor(
            client: client, consistency: Consistency(name: settings.consistency.rawValue) ?? .quorum,
            printsJSON: settings.printsJSON, printer: printer)
        if !operands.isEmpty { return executor.run(Array(operands)) ?? .ok }
        return isInteractive ? REPL(executor).runOnTerminal() : REPL(executor).runOnInput()
    }

    /// A program of its own, with flags of its own; those before its name count where it has the same.
    private static func bench(_ settings: Settings, _ arguments: [String]) -> ExitCode {
        var defaults = BenchOptions()
        let addresses = settings.servers.compactMap { NodeAddress($0) }
        defaults.target = Target(kind: .torc, addresses: addresses)
        defaults.consistency = BenchOptions.Level(rawValue: settings.consistency.rawValue) ?? .quorum
        return ExitCode(rawValue: BenchCommand.run(arguments, defaults: defaults)) ?? .unavailable
    }

    /// The arguments as bytes: Swift's strings would replace what is not UTF-8 in a value.
    private static func rawArguments() -> [[UInt8]] {
        (0..<Int(CommandLine.argc)).compactMap { index in
            CommandLine.unsafeArgv[index].map { argument in
                Array(UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
            }
        }
    }
}
