import Glibc

/// The calls of the operating system that a data folder needs, with errors as values.
enum FileSystem {
    /// The operating system's word for why a call failed.
    struct Failure: Error {
        let code: Int32
        var reason: String { String(cString: strerror(code)) }
        var isFull: Bool { code == ENOSPC || code == EDQUOT }

        static var last: Failure { Failure(code: errno) }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Bytes that can still be written where `path` is; nil if that is not known.
    static func freeBytes(_ path: String) -> UInt64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize)
    }

    /// Of the file; nil when there is none.
    static func size(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// What is in the folder; nothing if it cannot be read.
    static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Makes the folder and those above it that are missing, so that they outlive a power cut.
    static func makeFolder(_ path: String) throws(Failure) {
        if exists(path) { return }
        let parent = folder(of: path)
        try makeFolder(parent)
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw .last }
        try syncFolder(parent)
    }

    /// The whole of a small file; nil when there is none.
    static func read(_ path: String, bytesMax: Int) throws(Failure) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw .last
        }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: bytesMax)
        // A small regular file comes in one piece.
        let count = bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
        guard count >= 0 else { throw .last }
        return Array(bytes.prefix(count))
    }

    /// Puts `bytes` in the place of the file at `path`: after a crash it holds all of the old or all of the
    /// new, and of the new once this returns.
    static func replace(_ path: String, with bytes: [UInt8]) throws(Failure) {
        let draft = path + ".new"
        try write(bytes, to: draft)
        guard rename(draft, path) == 0 else { throw .last }
        try syncFolder(folder(of: path))
    }

    /// Opens `path`, creating it, and takes its lock, which lasts until the descriptor is closed or the
    /// process ends; nil when another holds it.
    static func lock(_ path: String) throws(Failure) -> Int32? {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw .last }
        guard flock(file, LOCK_EX | LOCK_NB) != 0 else { return file }
        let failure = Failure.last
        close(file)
        if failure.code == EWOULDBLOCK { return nil }
        throw failure
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw .last }
        defer { close(file) }
        try writeAll(bytes, to: file)
        guard fsync(file) == 0 else { throw .last }
    }

    static func writeAll(_ bytes: [UInt8], to file: Int32) throws(Failure) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress.map { $0 + done }, $0.count - done) }
            if count < 0, errno != EINTR { throw .last }
            done += max(count, 0)
        }
    }

    static func syncFolder(_ path: String) throws(Failure) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw .last }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw .last }
    }

    /// The folder that `path` lies in.
    static func folder(of path: String) -> String {
        var path = path[...]
        while path.count > 1, path.last == "/" { path.removeLast() }
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
