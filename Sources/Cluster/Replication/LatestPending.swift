import Protocol

/// The version of the latest pending change of each key. It is brought up to date only when somebody asks, so
/// that a log nobody asks pays nothing for it, and a question costs little however long the log is.
struct LatestPending: Sendable {
    private var versions: [[UInt8]: Version] = [:]
    /// Up to here the entries are in.
    private(set) var covered = Version.zero

    var count: Int { versions.count }

    /// May name a version that is committed by now.
    func version(of key: [UInt8]) -> Version? { versions[key] }

    /// - Parameter entries: those that follow `covered`, or the commit position where that is later.
    mutating func add(_ entries: ArraySlice<LogEntry>) {
        for entry in entries {
            entry.forEachChange { key, _ in versions[key] = entry.version }
            covered = entry.version
        }
    }
}
