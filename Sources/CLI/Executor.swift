import Client
import Protocol

/// Carries out commands and prints what comes of them.
struct Executor {
    let client: TorcClient
    let consistency: Consistency
    let printsJSON: Bool
    let printer: Printer

    /// - Returns: nil when the command is to end.
    func run(_ words: [[UInt8]]) -> ExitCode? {
        do throws(UsageError) {
            return run(try Command(words: words))
        } catch {
            printer.error(error.message)
            return .usage
        }
    }

    private func run(_ command: Command) -> ExitCode? {
        switch command {
        case .exit: return nil
        case .help:
            printer.line(Command.manual)
            return .ok
        case .status: return showStatus()
        case .get(let key): return ask(.get, key)
        case .set(let key, let value, let ttl): return ask(.set(value: value, ttlMilliseconds: ttl), key)
        case .delete(let key): return ask(.delete, key)
        }
    }

    private func ask(_ operation: Operation, _ key: [UInt8]) -> ExitCode {
        let request = JSONRequest(kind: .operation(operation), key: key, consistency: consistency)
        do throws(TorcError) {
            let answer = try client.awaitAnswer(to: request)
            if printsJSON { printer.line(answer.text) }
            if answer.isNotFound {
                if !printsJSON { printer.error("key not found") }
                return .keyNotFound
            }
            if let error = answer.error {
                if !printsJSON { printer.error(error.message) }
                return Executor.code(of: error)
            }
            if !printsJSON { printer.line(operation.isWrite ? Array("OK".utf8) : answer.response.value ?? []) }
            return .ok
        } catch {
            return report(error)
        }
    }

    private func showStatus() -> ExitCode {
        do throws(TorcError) {
            let status = try client.awaitAnswer(to: JSONRequest(kind: .status)).status()
            if printsJSON {
                printer.line(status.json)
            } else {
                for line in StatusTable.lines(of: status) { printer.line(Array(line.utf8)) }
            }
            return .ok
        } catch {
            return report(error)
        }
    }

    private func report(_ error: TorcError) -> ExitCode {
        printer.error(error.message)
        return Executor.code(of: error)
    }

    private static func code(of error: TorcError) -> ExitCode {
        switch error.code {
        case .invalidRequest, .refused: .usage
        case .busy, .unavailable, .outcomeUnknown, .closed: .unavailable
        }
    }
}
