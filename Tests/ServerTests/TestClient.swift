import Glibc
import Protocol
import UV
import XCTest

/// A client on a plain socket, so that it can do what `UV.Stream` never would: not read, end its input only.
final class TestClient {
    private let descriptor: Int32
    private var isOpen = true
    private var toSend: [UInt8] = []
    private var sent = 0
    private var endsInput = false
    /// Bytes of one `send`, chosen anew each time.
    var pieces: ClosedRange<Int> = 1_000_000...1_000_000
    var reads = true
    private(set) var received: [UInt8] = []
    private(set) var lineCount = 0
    /// The other side has closed, or reset.
    private(set) var isAtEnd = false

    init(connectedTo address: SocketAddress) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var native = sockaddr_in()
        native.sin_family = sa_family_t(AF_INET)
        native.sin_port = address.port.bigEndian
        native.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = withUnsafePointer(to: &native) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw POSIXError(.ECONNREFUSED) }
    }

    func send(_ text: String) { send(Array(text.utf8)) }
    func send(_ bytes: [UInt8]) { toSend += bytes }

    /// After what is still to be sent.
    func sendEnd() { endsInput = true }

    var hasSentAll: Bool { sent == toSend.count }

    func close() {
        if isOpen { Glibc.close(descriptor) }
        isOpen = false
    }

    /// Sends and receives what can be now.
    func pump() {
        guard isOpen else { return }
        while sent < toSend.count {
            let size = min(Int.random(in: pieces), toSend.count - sent)
            let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
            let count = toSend[sent...].withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, size, flags) }
            guard count > 0 else { break }
            sent += count
        }
        if endsInput, hasSentAll {
            endsInput = false
            shutdown(descriptor, Int32(SHUT_WR))
        }
        if reads { receive() }
    }

    private func receive() {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while !isAtEnd {
            let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                received += bytes.prefix(count)
                lineCount += bytes.prefix(count).withUnsafeBytes { $0.count { $0 == UInt8(ascii: "\n") } }
            } else if count == 0 || errno == ECONNRESET {
                isAtEnd = true
            } else {
                break
            }
        }
    }

    // MARK: - What it received

    var text: String { String(decoding: received, as: UTF8.self) }

    func responses(file: StaticString = #filePath, line: UInt = #line) throws -> [JSONResponse] {
        let parser = JSONResponseParser()
        return try received.split(separator: UInt8(ascii: "\n")).map { try parser.parse(Array($0)) }
    }
}
