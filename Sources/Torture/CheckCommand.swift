/// Checks a history that was kept.
enum CheckCommand {
    /// - Returns: the exit code.
    static func run(_ operands: [String]) -> Int32 {
        guard operands.count == 1, !operands[0].hasPrefix("-") else {
            Terminal.complain("usage: \(TortureCommand.program) check FILE")
            return 2
        }
        guard let violations = check(operands[0]) else { return 3 }
        if violations.isEmpty { Terminal.say("every law was kept") }
        return violations.isEmpty ? 0 : 1
    }

    /// Reads the history, checks it, and says what was found.
    /// - Returns: nil when it cannot be read.
    static func check(_ path: String) -> [Violation]? {
        guard let bytes = Files.read(path) else {
            Terminal.complain("\(path) cannot be read")
            return nil
        }
        do throws(RecordError) {
            let file = try HistoryFile(String(decoding: bytes, as: UTF8.self))
            Terminal.say(
                "history: \(file.operations) operations on \(file.keys.count) keys, \(file.answered) answered, "
                    + "\(file.refused) refused, \(file.open) open for ever"
                    + (file.isWhole ? "" : "; it breaks off before the reads of the end"))
            let violations = HistoryCheck().violations(in: file)
            for violation in violations {
                Terminal.say("VIOLATION of \"\(violation.law.rawValue)\", key \(violation.key): \(violation.text)")
            }
            return violations
        } catch {
            Terminal.complain("\(path): \(error.reason)")
            return nil
        }
    }
}
