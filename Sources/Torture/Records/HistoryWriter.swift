import Glibc
import History

/// Writes a history as it happens.
final class HistoryWriter {
    private let descriptor: Int32
    private let started: UInt64
    private var buffer: [UInt8] = []
    private var operations = 0
    private(set) var faulted = false

    /// - Parameter started: nanoseconds on the clock that the times of records are from.
    /// - Returns: nil when the file cannot be made.
    init?(path: String, started: UInt64, comments: [String]) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        self.started = started
        guard descriptor >= 0 else { return nil }
        for line in [Record.head] + comments.map({ "# " + $0 }) { write(line) }
    }

    /// - Returns: the operation's number.
    func begin(_ call: KeyCall, key: String, client: Int, node: String, at now: UInt64) -> Int {
        operations += 1
        write(
            Record.begin(
                operation: operations, time: time(now), client: client, node: node, key: key, call: call).text)
        return operations
    }

    func write(_ record: (UInt64) -> Record, at now: UInt64) { write(record(time(now)).text) }

    private func time(_ now: UInt64) -> UInt64 { (now - started) / 1_000 }

    private func write(_ line: String) {
        buffer += line.utf8
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count > 1 << 16 { flush() }
    }

    func flush() {
        var rest = buffer[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                faulted = true
                break
            }
            rest = rest.dropFirst(count)
        }
        buffer = []
    }

    func close() {
        flush()
        Glibc.close(descriptor)
    }
}
