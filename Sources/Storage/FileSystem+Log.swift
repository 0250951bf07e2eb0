import Glibc

/// The calls that the log needs.
extension FileSystem {
    /// A new file, or one made empty, to be written from its beginning on. Its name is synced with the folder.
    static func create(_ path: String) throws(Failure) -> Int32 {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw .last }
        return file
    }

    /// A file that is there, to be written over from its beginning on.
    static func openAgain(_ path: String) throws(Failure) -> Int32 {
        let file = open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { throw .last }
        return file
    }

    /// Zeros at the beginning of a file, which is made where there is none; on the disk when this returns.
    static func writeZeros(_ count: Int, to path: String) throws(Failure) {
        let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw .last }
        defer { close(file) }
        let zeros = [UInt8](repeating: 0, count: min(count, 1 << 20))
        var rest = count
        while rest > 0 {
            try writeAll(rest < zeros.count ? Array(zeros.prefix(rest)) : zeros, to: file)
            rest -= min(rest, zeros.count)
        }
        try sync(file)
    }

    /// Nil: there is none.
    static func size(of path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    static func move(_ path: String, to other: String) throws(Failure) {
        guard Glibc.rename(path, other) == 0 else { throw .last }
    }

    static func close(_ file: Int32) {
        if file >= 0 { Glibc.close(file) }
    }

    /// What was written to it is on the disk when this returns.
    static func sync(_ file: Int32) throws(Failure) {
        guard fdatasync(file) == 0 else { throw .last }
    }

    /// What is in the file is on the disk when this returns.
    static func syncFile(_ path: String) throws(Failure) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .last }
        defer { close(file) }
        try sync(file)
    }

    /// What lies in the file from `offset` on, at most `bytesMax`.
    static func readAll(_ path: String, from offset: Int = 0, bytesMax: Int = .max) throws(Failure) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .last }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .last }
        let size = min(max(Int(status.st_size) - offset, 0), bytesMax)
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, done in
            while done < size {
                let count = pread(file, buffer.baseAddress.map { $0 + done }, size - done, off_t(offset + done))
                if count < 0, errno == EINTR { continue }
                if count < 0 { code = errno }
                guard count > 0 else { return }
                done += count
            }
        }
        guard code == 0 else { throw Failure(code: code) }
        return bytes
    }

    /// Cuts the file off at `size`; on the disk when this returns.
    static func truncate(_ path: String, to size: Int) throws(Failure) {
        let file = open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { throw .last }
        defer { close(file) }
        guard ftruncate(file, off_t(size)) == 0, fsync(file) == 0 else { throw .last }
    }

    /// One that stays does no harm.
    static func remove(_ path: String) { unlink(path) }
}
