import Glibc

/// A process that this one started, and that does not outlive it, however it ends.
final class ChildProcess {
    let pid: pid_t
    /// Its exit code, or 128 + the signal that ended it; nil while it runs.
    private(set) var exitCode: Int32?

    /// - Parameters:
    ///   - words: the program, looked for on the `PATH`, and its arguments.
    ///   - output: its standard output and errors are appended to `OUTPUT.out` and `OUTPUT.err`; nil: nowhere.
    /// - Returns: nil when the system starts none.
    init?(_ words: [String], output: String?) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own: Ctrl-C in the terminal must not reach a node, for which it means to leave.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        for (descriptor, ending) in [(Int32(1), ".out"), (2, ".err")] {
            let path = output.map { $0 + ending } ?? "/dev/null"
            posix_spawn_file_actions_addopen(&actions, descriptor, path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        }
        var pid: pid_t = 0
        // It becomes the program itself, with its pid, once it has asked to be killed when this process ends.
        let all = ["setpriv", "--pdeathsig", "KILL"] + words
        let code = ChildProcess.withCStrings(all) { arguments in
            posix_spawnp(&pid, all[0], &actions, &attributes, arguments, environ)
        }
        guard code == 0 else { return nil }
        self.pid = pid
    }

    static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers = strings.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
    }

    /// Whether it still runs.
    func isRunning() -> Bool {
        guard exitCode == nil else { return false }
        var raw: Int32 = 0
        if waitpid(pid, &raw, WNOHANG) == pid { take(raw) }
        return exitCode == nil
    }

    func signal(_ number: Int32) {
        if isRunning() { kill(pid, number) }
    }

    /// Blocks until it has ended.
    func wait() -> Int32 {
        var raw: Int32 = 0
        while exitCode == nil {
            if waitpid(pid, &raw, 0) == pid { take(raw) } else if errno != EINTR { return -1 }
        }
        return exitCode ?? -1
    }

    /// Ends it at once.
    func end() {
        signal(SIGKILL)
        _ = wait()
    }

    private func take(_ raw: Int32) {
        let signal = raw & 0x7F
        exitCode = signal == 0 ? (raw >> 8) & 0xFF : 128 + signal
    }

    /// Runs a program to its end.
    /// - Returns: whether it ended well.
    static func run(_ words: [String], output: String? = nil) -> Bool {
        ChildProcess(words, output: output)?.wait() == 0
    }
}
