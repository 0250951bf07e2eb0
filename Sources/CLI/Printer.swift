import Client
import Glibc

/// Where answers go: results on stdout, what went wrong on stderr.
struct Printer {
    /// Names itself in front of errors; not in the REPL, where it is clear who speaks.
    let names: Bool
    /// A terminal could take control characters in a value as commands: there they are shown, not sent.
    private let isTerminal = isatty(STDOUT_FILENO) == 1

    func line(_ text: String) { write(Array(text.utf8), to: STDOUT_FILENO) }

    func line(_ bytes: [UInt8]) {
        write(isTerminal ? Printer.visible(bytes) : bytes, to: STDOUT_FILENO)
    }

    func error(_ text: String) {
        write(Array((names ? "torc: \(text)" : text).utf8), to: STDERR_FILENO)
    }

    /// Control characters and what is not UTF-8 as `\xHH`; new lines and tabs as they are.
    static func visible(_ bytes: [UInt8]) -> [UInt8] {
        let isText = String(validating: bytes, as: UTF8.self) != nil
        var output: [UInt8] = []
        for byte in bytes {
            let isControl = (byte < 0x20 && byte != 0x0A && byte != 0x09) || byte == 0x7F
            if isControl || (byte >= 0x80 && !isText) {
                let digits = String(byte, radix: 16)
                output += Array("\\x\(digits.count == 1 ? "0" : "")\(digits)".utf8)
            } else {
                output.append(byte)
            }
        }
        return output
    }

    private func write(_ line: [UInt8], to descriptor: Int32) {
        let bytes = line + [0x0A]
        var at = 0
        while at < bytes.count {
            let count = bytes[at...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            at += count
        }
    }
}
