import Glibc

/// Where the lines that were typed are kept, readable by their owner only.
enum HistoryFile {
    /// `$XDG_STATE_HOME/torc_history` where that is set, else `~/.torc_history`; nil without a home.
    static var path: String? {
        if let folder = environment("XDG_STATE_HOME") { return folder + "/torc_history" }
        return environment("HOME").map { $0 + "/.torc_history" }
    }

    /// Makes the file if it is not there, and takes it from all others.
    /// - Returns: whether it can be written.
    static func prepare(_ path: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fchmod(descriptor, 0o600) == 0
    }

    private static func environment(_ name: String) -> String? {
        guard let value = getenv(name), value[0] != 0 else { return nil }
        return String(cString: value)
    }
}
