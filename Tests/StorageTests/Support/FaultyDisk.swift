import Foundation
import Synchronization

/// Stands between RocksDB and the operating system where files are synced: lets a test make syncs fail, and
/// tells it how much of each file is synced. The linker prefers the functions below to the C library's.
enum FaultyDisk {
    private static let code = Atomic<Int32>(0)
    private static let syncs = Atomic<Int>(0)
    private static let report = Mutex<FileHandle?>(nil)

    /// How many syncs of files there were, failed ones too.
    static var syncCount: Int { syncs.load(ordering: .sequentiallyConsistent) }

    /// Every sync of a file fails with `error` while `body` runs.
    static func failing<Result>(with error: Int32, _ body: () throws -> Result) rethrows -> Result {
        code.store(error, ordering: .sequentiallyConsistent)
        defer { code.store(0, ordering: .sequentiallyConsistent) }
        return try body()
    }

    /// After each sync of a file a line `synced NAME SIZE` goes to `file`; of a segment that is written, how far it is.
    static func reportSyncs(to file: FileHandle) { report.withLock { $0 = file } }

    fileprivate static func sync(_ descriptor: Int32, _ name: String) -> Int32 {
        syncs.add(1, ordering: .sequentiallyConsistent)
        let error = code.load(ordering: .sequentiallyConsistent)
        guard error == 0 else {
            errno = error
            return -1
        }
        // What is there now is synced by what follows; more may be.
        let line = report.withLock { $0 == nil ? nil : syncedLine(descriptor) }
        let result = original(name)?(descriptor) ?? -1
        if result == 0, let line { report.withLock { $0?.write(Data(line.utf8)) } }
        return result
    }

    private static func syncedLine(_ descriptor: Int32) -> String? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
        else { return nil }
        let written = path.hasSuffix(".seg") ? lseek(descriptor, 0, SEEK_CUR) : 0
        return "synced \((path as NSString).lastPathComponent) \(written > 0 ? written : status.st_size)\n"
    }

    private static func original(_ name: String) -> (@convention(c) (Int32) -> Int32)? {
        // RTLD_NEXT, which Swift does not import.
        let next = UnsafeMutableRawPointer(bitPattern: -1)
        return dlsym(next, name).map { unsafeBitCast($0, to: (@convention(c) (Int32) -> Int32).self) }
    }
}

@_cdecl("fdatasync")
public func tracedDataSync(_ descriptor: Int32) -> Int32 { FaultyDisk.sync(descriptor, "fdatasync") }

@_cdecl("fsync")
public func tracedSync(_ descriptor: Int32) -> Int32 { FaultyDisk.sync(descriptor, "fsync") }
