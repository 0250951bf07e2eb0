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
        case .get(let key, let showsVersion): return ask(.get, key, showsVersion: showsVersion)
        case .forget(let id, let evenIfAlive): return administer("FORGET \(id)\(evenIfAlive ? " -even-if-alive" : "")")
        case .repair(let how): return administer((["REPAIR"] + how).joined(separator: " "))
        case .setAll(let items): return ask(.batch(items), items[0].key)
        case .write(let key, let write): return ask(.write(write), key, showsOld: write.answersOld)
        }
    }

    private func ask(
        _ operation: Operation, _ key: [UInt8], showsVersion: Bool = false, showsOld: Bool = false
    ) -> ExitCode {
        let request = JSONRequest(kind: .operation(operation), key: key, consistency: consistency)
        do throws(TorcError) {
            let answer = try client.awaitAnswer(to: request)
            guard !printsJSON else {
                printer.line(answer.text)
                return Executor.code(of: answer)
            }
            if answer.response.isSuccess {
                let line = showsOld
                    ? Executor.old(answer.response) : Executor.result(answer.response, of: operation, showsVersion: showsVersion)
                printer.line(line)
            } else {
                printer.error(Executor.complaint(answer.response))
            }
            return Executor.code(of: answer)
        } catch {
            return report(error)
        }
    }

    private static func result(_ response: JSONResponse, of operation: Operation, showsVersion: Bool) -> [UInt8] {
        if case .batch = operation { return Array("OK".utf8) }
        if let length = response.length { return Array(String(length).utf8) }
        guard let value = response.value else { return Array("OK".utf8) }
        return showsVersion ? Array("\(response.version ?? "?") ".utf8) + value : value
    }

    private static func old(_ response: JSONResponse) -> [UInt8] {
        if let old = response.old { return old }
        return Array((response.oldVersion.map { "version \($0) was there" } ?? "nothing was there").utf8)
    }

    private static func complaint(_ response: JSONResponse) -> String {
        guard response.isConflict else { return response.error ?? "an error without a word" }
        guard let version = response.version else { return "conflict: there is no value" }
        guard let value = response.value else { return "conflict: version \(version) was there" }
        let text = String(decoding: Printer.visible(value), as: UTF8.self)
        return "conflict: version \(version) is there: \(text)"
    }

    private static func code(of answer: Answer) -> ExitCode {
        if answer.isNotFound || answer.isConflict { return .keyNotFound }
        return answer.error.map(code) ?? .ok
    }

    private func administer(_ text: String) -> ExitCode {
        do throws(TorcError) {
            let answer = try client.awaitAnswer(to: JSONRequest(kind: .administration(text)))
            if printsJSON { printer.line(answer.text) }
            if let error = answer.error {
                if !printsJSON { printer.error(error.message) }
                return Executor.code(of: error)
            }
            if !printsJSON { printer.line(answer.response.value ?? []) }
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
