import Protocol

/// The version of the latest pending change of each key. It is brought up to date only when somebody asks, so
/// that a log nobody asks pays nothing for it, and a question costs little however long the log is.
struct LatestPending {
    /// In an object of its own, which most slots never need.
    private final class Contents {
        var versions: [[UInt8]: Version]
        var covered: Version

        init(versions: [[UInt8]: Version], covered: Version) {
            self.versions = versions
            self.covered = covered
        }
    }

    private var contents: Contents?

    /// Up to here the entries are in.
    var covered: Version { contents?.covered ?? .zero }

    var count: Int { contents?.versions.count ?? 0 }

    /// May name a version that is committed by now.
    func version(of key: [UInt8]) -> Version? { contents?.versions[key] }

    /// - Parameter entries: those that follow `covered`, or the commit position where that is later.
    mutating func add(_ entries: ArraySlice<LogEntry>) {
        guard !entries.isEmpty else { return }
        let contents = own()
        for entry in entries {
            entry.forEachChange { key, _ in contents.versions[key] = entry.version }
            contents.covered = entry.version
        }
    }

    private mutating func own() -> Contents {
        if isKnownUniquelyReferenced(&contents), let contents { return contents }
        let copy = Contents(versions: contents?.versions ?? [:], covered: covered)
        contents = copy
        return copy
    }
}
