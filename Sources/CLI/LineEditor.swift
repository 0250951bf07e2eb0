import CEdit
import Glibc

/// Lines from the terminal, by libedit. Its state is global and its callbacks are C functions: all of that is
/// here, and there is one editor in a process.
struct LineEditor {
    private static let historyLinesMax: Int32 = 1_000

    private let history: String?

    /// - Parameter completions: first words that the tab key completes, in capitals.
    init(history: String?, completions: [String]) {
        setlocale(LC_ALL, "")
        rl_initialize()
        using_history()
        stifle_history(LineEditor.historyLinesMax)
        self.history = history.flatMap { HistoryFile.prepare($0) ? $0 : nil }
        if let history = self.history { read_history(history) }
        Completion.words = completions
        torc_edit_complete_with { text, start, _ in
            torc_edit_completion_is_over()
            guard start == 0, let text else { return nil }
            return rl_completion_matches(text) { text, state in Completion.next(text, isFirst: state == 0) }
        }
    }

    /// The next line without its end; nil when the input ends.
    func read(prompt: String) -> [UInt8]? {
        guard let line = readline(prompt) else {
            write(STDOUT_FILENO, "\n", 1)
            return nil
        }
        defer { free(line) }
        let bytes = Array(UnsafeRawBufferPointer(start: line, count: strlen(line)))
        if !bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { remember(line) }
        return bytes
    }

    /// Written with every line, so that it survives however the program ends.
    private func remember(_ line: UnsafePointer<CChar>) {
        add_history(line)
        if let history { write_history(history) }
    }
}

/// What the completion callback goes through. Only libedit calls it, on the thread that reads lines.
private enum Completion {
    nonisolated(unsafe) static var words: [String] = []
    nonisolated(unsafe) private static var at = 0

    /// The next word that begins with `text`, as a C string that libedit frees; nil after the last one.
    static func next(_ text: UnsafePointer<CChar>?, isFirst: Bool) -> UnsafeMutablePointer<CChar>? {
        if isFirst { at = 0 }
        let prefix = text.map { String(cString: $0).uppercased() } ?? ""
        while at < words.count {
            at += 1
            if words[at - 1].hasPrefix(prefix) { return strdup(words[at - 1]) }
        }
        return nil
    }
}
