import Client
import Glibc

/// Commands line by line.
struct REPL {
    private let executor: Executor

    init(_ executor: Executor) { self.executor = executor }

    /// From a pipe or a file: no prompts; the code of the last failure.
    func runOnInput() -> ExitCode {
        var code = ExitCode.ok
        var input = InputLines()
        while let line = input.next() {
            guard let result = run(line) else { return code }
            if result != .ok { code = result }
        }
        return code
    }

    /// With editing, history and completion.
    func runOnTerminal() -> ExitCode {
        // A shell may have started this in the background of a script, where Ctrl-C is ignored.
        signal(SIGINT, SIG_DFL)
        let editor = LineEditor(history: HistoryFile.path, completions: Command.names)
        executor.printer.line("HELP shows the commands, EXIT ends")
        while let line = editor.read(prompt: "> ") {
            guard run(line) != nil else { break }
        }
        return .ok
    }

    /// - Returns: nil when the line says to end.
    private func run(_ line: [UInt8]) -> ExitCode? {
        do throws(UsageError) {
            let words = try Words.split(line)
            return words.isEmpty ? .ok : executor.run(words)
        } catch {
            executor.printer.error(error.message)
            return .usage
        }
    }
}
