import CGNU
import Glibc

/// What glibc's `malloc` is told: it reads that from the environment when a process starts, and from nowhere else.
enum Malloc {
    /// Of each size of pieces, up to 1 KiB, a thread keeps so many that were freed, for what it allocates next; by default 7.
    /// A turn of a node in a ring takes hundreds of each of a few sizes, for entries of logs, and gives as many back.
    private static let setting = (name: "GLIBC_TUNABLES", value: "glibc.malloc.tcache_count=4096")

    /// Begins the program anew, as the same process, with the setting. Returns where it is there already or the environment
    /// has another, and where that cannot be done: it is only slower without.
    static func restartWithSetting() {
        guard getenv(setting.name) == nil, torc_may_restart() != 0, let program = path("/proc/self/exe") else { return }
        guard setenv(setting.name, setting.value, 0) == 0 else { return }
        // By its own path: else tools would show it under the name of the link.
        execv(program, CommandLine.unsafeArgv)
        unsetenv(setting.name)
    }

    /// Where a symbolic link leads; nil: that cannot be said.
    private static func path(_ link: String) -> String? {
        guard let path = realpath(link, nil) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }
}
