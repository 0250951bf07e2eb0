/// How `torc` ends; scripts go by it.
enum ExitCode: Int32, Sendable {
    case ok = 0
    /// Or a condition was not met.
    case keyNotFound = 1
    /// The command line or a command is wrong, or the ring refuses it as such.
    case usage = 2
    /// No server answers, the ring cannot serve the request now, or the outcome of a write is unknown.
    case unavailable = 3
}
