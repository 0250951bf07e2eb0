import Flags
import Glibc
import Simulator

/// The command line of `torc-sim`.
enum SimulatorCommand {
    static let program = "torc-sim"

    /// - Returns: the exit code: 1 when a check failed, 2 when the command line cannot be used.
    static func run(_ arguments: [String]) -> Int32 {
        let rest = [arguments.first ?? program] + arguments.dropFirst(2)
        switch arguments.dropFirst().first {
        case "membership": return parse(rest, MembershipCommand.flags, MembershipOptions(), MembershipCommand.run)
        case "targets": return parse(rest, TargetsCommand.flags, TargetsOptions(), TargetsCommand.run)
        case "explain": return parse(rest, ExplainCommand.flags, RunOptions(), ExplainCommand.run)
        default: return parse(arguments, RunCommand.flags, RunOptions(), RunCommand.run)
        }
    }

    private static func parse<Options>(
        _ arguments: [String], _ flags: FlagSet<Options>, _ defaults: Options, _ run: (Options) -> Int32
    ) -> Int32 {
        do throws(FlagError) {
            switch try flags.parse(arguments, into: defaults) {
            case .help:
                print(flags.help(defaults: defaults))
                return 0
            case .run(let options, _): return run(options)
            }
        } catch {
            complain(flags.complaint(error))
            return 2
        }
    }

    static func complain(_ line: String) {
        Terminal.write(line + "\n", to: STDERR_FILENO)
    }
}
