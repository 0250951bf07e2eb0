import Glibc

/// Processor time that processes have used, by the scheduler's own count: nanoseconds, where the times of getrusage are
/// sampled.
package enum ProcessorTime {
    /// Of all threads of the processes together, in nanoseconds. Threads that have ended do not count.
    package static func nanoseconds(of pids: [Int]) throws(BenchError) -> UInt64 {
        var total: UInt64 = 0
        for pid in pids { total += try nanoseconds(of: pid) }
        return total
    }

    /// Of the calling thread.
    package static var ofThisThread: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private static func nanoseconds(of pid: Int) throws(BenchError) -> UInt64 {
        let folder = "/proc/\(pid)/task"
        guard let listing = opendir(folder) else {
            throw BenchError("there is no process \(pid) on this machine: -server-pid and -against-pid need its pid")
        }
        defer { closedir(listing) }
        var (total, threads): (UInt64, Int) = (0, 0)
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard Int(name) != nil, let time = firstNumber(in: "\(folder)/\(name)/schedstat") else { continue }
            total += time
            threads += 1
        }
        guard threads > 0 else { throw BenchError("this system does not count processor time in \(folder)/*/schedstat") }
        return total
    }

    private static func firstNumber(in path: String) -> UInt64? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return withUnsafeTemporaryAllocation(byteCount: 128, alignment: 1) { memory in
            let count = read(descriptor, memory.baseAddress, memory.count)
            guard count > 0 else { return nil }
            return UInt64(String(decoding: memory[..<count].prefix { $0 != 0x20 }, as: UTF8.self))
        }
    }
}
