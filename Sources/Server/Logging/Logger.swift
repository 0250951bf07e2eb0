import Glibc
import Protocol

/// Writes what happens to stderr, one line each: `2026-11-21T09:00:00.123Z INFO message`, or one JSON object.
package struct Logger: Sendable {
    package enum Level: String, Comparable, CaseIterable, Sendable {
        case debug, info, warning, error

        private var rank: Int {
            switch self {
            case .debug: 0
            case .info: 1
            case .warning: 2
            case .error: 3
            }
        }

        package static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }
    }

    package enum Format: String, CaseIterable, Sendable {
        case text, json
    }

    private let level: Level
    private let format: Format

    package init(level: Level, format: Format) {
        self.level = level
        self.format = format
    }

    func debug(_ message: @autoclosure () -> String) { write(.debug, message()) }
    func info(_ message: @autoclosure () -> String) { write(.info, message()) }
    func warning(_ message: @autoclosure () -> String) { write(.warning, message()) }
    func error(_ message: @autoclosure () -> String) { write(.error, message()) }

    private func write(_ level: Level, _ message: @autoclosure () -> String) {
        guard level >= self.level else { return }
        Logger.emit(line(level, message(), at: Logger.now()), to: STDERR_FILENO)
    }

    /// The line, without its newline.
    func line(_ level: Level, _ message: String, at time: Timestamp) -> String {
        let time = time.rfc3339
        switch format {
        case .text:
            return "\(time) \(level.rawValue.uppercased()) \(message)"
        case .json:
            return #"{"time":""# + time + #"","level":""# + level.rawValue + #"","message":"#
                + Logger.quoted(message) + "}"
        }
    }

    /// One write for the line, so that lines of several processes do not mix.
    static func emit(_ line: String, to descriptor: Int32) {
        var text = line
        text.append("\n")
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }

    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        JSONText.append(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: UInt64(max(0, time.tv_sec)) * 1_000 + UInt64(time.tv_nsec) / 1_000_000)
    }
}
