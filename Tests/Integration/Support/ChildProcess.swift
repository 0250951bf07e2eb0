import Foundation

/// A process that this test started and that this test ends; it does not outlive the tests, however they end.
final class ChildProcess {
    enum Input {
        case nothing
        /// All of it through a pipe, then its end.
        case pipe(String)
        /// The program runs in a session of its own, with this terminal for input and output.
        case terminal(path: String)
    }

    struct CannotStart: Error { let reason: String }

    let name: String
    let pid: pid_t
    private let outputPath: String
    private let errorPath: String
    private var status: Int32?

    /// - Parameters:
    ///   - folder: where its output is kept.
    ///   - name: of the files that its output goes to.
    init(
        _ program: String, _ arguments: [String], folder: String, name: String, input: Input = .nothing,
        environment: [String: String] = [:]
    ) throws {
        self.name = name
        outputPath = "\(folder)/\(name).out"
        errorPath = "\(folder)/\(name).err"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        let pipe = try ChildProcess.prepare(input, &actions, &attributes)
        defer { if let pipe { close(pipe) } }
        if case .terminal = input {
            posix_spawn_file_actions_adddup2(&actions, 0, 1)
            posix_spawn_file_actions_adddup2(&actions, 0, 2)
        } else {
            let flags = O_WRONLY | O_CREAT | O_TRUNC
            posix_spawn_file_actions_addopen(&actions, 1, outputPath, flags, 0o644)
            posix_spawn_file_actions_addopen(&actions, 2, errorPath, flags, 0o644)
        }
        var all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        all["SWIFT_BACKTRACE"] = "enable=no"
        var pid: pid_t = 0
        // It becomes the program itself, with its pid, once it has asked to be killed when this process ends.
        let starter = "/usr/bin/setpriv"
        let words = [starter, "--pdeathsig", "KILL", program] + arguments
        let result = ChildProcess.withCStrings(words) { arguments in
            ChildProcess.withCStrings(all.map { "\($0.key)=\($0.value)" }) { environment in
                posix_spawn(&pid, starter, &actions, &attributes, arguments, environment)
            }
        }
        guard result == 0 else { throw CannotStart(reason: "\(program): \(String(cString: strerror(result)))") }
        self.pid = pid
    }

    private static func prepare(
        _ input: Input, _ actions: inout posix_spawn_file_actions_t, _ attributes: inout posix_spawnattr_t
    ) throws -> Int32? {
        switch input {
        case .nothing:
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            return nil
        case .terminal(let path):
            // Opened by the leader of a new session, it becomes its controlling terminal.
            posix_spawnattr_setflags(&attributes, Int16(0x80))  // POSIX_SPAWN_SETSID
            posix_spawn_file_actions_addopen(&actions, 0, path, O_RDWR, 0)
            return nil
        case .pipe(let text):
            var ends: [Int32] = [0, 0]
            guard Glibc.pipe(&ends) == 0 else { throw CannotStart(reason: "no pipe") }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            let bytes = Array(text.utf8)
            guard bytes.count <= 4_096, write(ends[1], bytes, bytes.count) == bytes.count else {
                throw CannotStart(reason: "a pipe takes 4,096 bytes at once, not \(bytes.count)")
            }
            close(ends[1])
            posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
            return ends[0]
        }
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers = strings.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
    }

    // MARK: What it says

    var output: String { ChildProcess.text(outputPath) }
    var errors: String { ChildProcess.text(errorPath) }
    var outputLines: [String] { output.split(separator: "\n").map(String.init) }
    var errorLines: [String] { errors.split(separator: "\n").map(String.init) }

    private static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }

    /// What it has read, from files, terminals and connections, in all its life.
    func bytesRead() throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(pid)/io", encoding: .utf8)
        let words = text.split(whereSeparator: \.isWhitespace)
        return words.count > 1 ? Int(words[1]) ?? 0 : 0
    }

    /// What it takes of the machine's memory.
    func residentBytes() throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(pid)/statm", encoding: .utf8)
        let words = text.split(separator: " ")
        return words.count > 1 ? (Int(words[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
    }

    // MARK: How it ends

    /// Its exit code, or 128 + the signal that ended it; nil while it runs.
    var exitCode: Int32? {
        if status == nil {
            var raw: Int32 = 0
            guard waitpid(pid, &raw, WNOHANG) == pid else { return nil }
            let signal = raw & 0x7F
            status = signal == 0 ? (raw >> 8) & 0xFF : 128 + signal
        }
        return status
    }

    var isRunning: Bool { exitCode == nil }

    func signal(_ number: Int32) {
        if isRunning { kill(pid, number) }
    }

    func waitForExit(within limit: Duration = .seconds(30)) throws -> Int32 {
        try poll("end of \(name)", within: limit) { exitCode }
    }

    /// Ends it at once, whatever it does, and waits until it is gone.
    func end() {
        guard isRunning else { return }
        kill(pid, SIGKILL)
        var raw: Int32 = 0
        if waitpid(pid, &raw, 0) == pid { status = 128 + SIGKILL }
    }
}
