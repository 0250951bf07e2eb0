import Glibc

/// Files and folders, as far as a torture needs them.
enum Files {
    /// Makes a folder, with those above it.
    static func makeFolder(_ path: String) -> Bool {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += part + "/"
            mkdir(made, 0o755)
        }
        return access(path, W_OK) == 0
    }

    /// Nil when it cannot be read.
    static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return count == 0 ? bytes : nil }
            bytes += buffer[..<count]
        }
    }

    /// Removes a folder and what is in it.
    static func remove(_ path: String) { _ = ChildProcess.run(["rm", "-rf", "--", path]) }

    static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        return folderOfWork() + "/" + path
    }

    /// The folder of the running program.
    static var ownFolder: String {
        let path = link("/proc/self/exe")
        return String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex))
    }

    static func link(_ path: String) -> String {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = buffer.withUnsafeMutableBytes { (buffer) -> Int in
            guard let base = buffer.assumingMemoryBound(to: CChar.self).baseAddress else { return 0 }
            return readlink(path, base, buffer.count)
        }
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }

    private static func folderOfWork() -> String { link("/proc/self/cwd") }
}
