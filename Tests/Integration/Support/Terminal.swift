import Foundation

/// A terminal for a program under test, seen from the other side: what a user would read and type.
final class Terminal {
    struct Failure: Error { let reason: String }

    private static let getNumber: UInt = 0x8004_5430  // TIOCGPTN
    private static let setLock: UInt = 0x4004_5431  // TIOCSPTLCK

    /// What the program opens.
    let path: String
    private let descriptor: Int32
    private var screen = ""
    /// Up to here what came has been waited for.
    private var seen = 0

    init() throws {
        // What posix_openpt, unlockpt and ptsname do, which Glibc's module does not show.
        descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var lock: Int32 = 0
        var number: Int32 = 0
        guard descriptor >= 0, ioctl(descriptor, Terminal.setLock, &lock) == 0,
            ioctl(descriptor, Terminal.getNumber, &number) == 0
        else { throw Failure(reason: "no terminal: \(String(cString: strerror(errno)))") }
        path = "/dev/pts/\(number)"
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit { close(descriptor) }

    /// Sends what a user would type.
    func type(_ text: String) throws {
        let bytes = Array(text.utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else { throw Failure(reason: "cannot type") }
    }

    /// Waits until the program has written `text`, after whatever was waited for last.
    func waitFor(_ text: String) throws {
        try poll(until: "\"\(text)\" on the terminal") {
            readOn()
            let bytes = Array(screen.utf8)
            guard let range = Terminal.find(Array(text.utf8), in: bytes, from: seen) else {
                throw Failure(reason: String(decoding: bytes[min(seen, bytes.count)...].suffix(300), as: UTF8.self))
            }
            seen = range.upperBound
            return true
        }
    }

    private static func find(_ wanted: [UInt8], in bytes: [UInt8], from start: Int) -> Range<Int>? {
        guard bytes.count >= start + wanted.count else { return nil }
        for at in start...(bytes.count - wanted.count) where bytes[at...].starts(with: wanted) {
            return at..<(at + wanted.count)
        }
        return nil
    }

    private func readOn() {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return }
            screen += String(decoding: buffer[..<count], as: UTF8.self)
        }
    }
}
