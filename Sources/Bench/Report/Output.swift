import Glibc

/// Where it is said: results on stdout, all else on stderr.
struct Output {
    /// A line that is written over is for eyes only.
    let showsProgress = isatty(STDERR_FILENO) == 1

    func say(_ lines: [String]) { write(lines.map { $0 + "\n" }.joined(), to: STDOUT_FILENO) }

    func complain(_ line: String) { write("torc bench: \(line)\n", to: STDERR_FILENO) }

    /// Over the one before.
    func progress(_ line: String) { if showsProgress { write("\r\(line)\u{1B}[K", to: STDERR_FILENO) } }

    func endProgress() { progress("") }

    /// - Returns: why not.
    func writeFile(_ path: String, _ bytes: [UInt8]) -> String? {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return "cannot write \(path): \(String(cString: strerror(errno)))" }
        defer { close(descriptor) }
        return write(bytes, to: descriptor) ? nil : "cannot write \(path): \(String(cString: strerror(errno)))"
    }

    private func write(_ text: String, to descriptor: Int32) { _ = write(Array(text.utf8), to: descriptor) }

    private func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var at = 0
        while at < bytes.count {
            let count = bytes[at...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            at += count
        }
        return true
    }
}
