import UV
import XCTest

typealias Stream = UV.Stream
typealias Timer = UV.Timer

/// A loop for each test, and ways to run it until something is so.
class LoopTestCase: XCTestCase {
    private var made: Loop?

    var loop: Loop {
        get throws {
            if let made { return made }
            let new = try Loop()
            made = new
            return new
        }
    }

    override func setUp() { Signal.ignoreBrokenPipe() }

    override func tearDown() {
        made?.close()
        made = nil
    }

    /// Runs the loop until `condition` holds, looking every millisecond; fails after `limit`.
    func run(
        within limit: Duration = .seconds(20), file: StaticString = #filePath, line: UInt = #line,
        until condition: @escaping () -> Bool
    ) throws {
        let loop = try loop
        let look = Timer(loop) { if condition() { loop.stop() } }
        look.start(after: .zero, every: .milliseconds(1))
        try runUntilStopped(within: limit, file: file, line: line)
        look.stop()
    }

    /// Runs the loop with nothing that wakes it up before `limit` but what the test has set up.
    func runUntilStopped(
        within limit: Duration = .seconds(20), file: StaticString = #filePath, line: UInt = #line
    ) throws {
        let loop = try loop
        var isLate = false
        let deadline = Timer(loop) {
            isLate = true
            loop.stop()
        }
        deadline.start(after: limit)
        loop.run()
        deadline.stop()
        XCTAssertFalse(isLate, "still not so after \(limit)", file: file, line: line)
    }

    /// Runs `turns` more milliseconds-long turns: time for what must not happen.
    func run(turns: Int) throws {
        var left = turns
        try run {
            left -= 1
            return left < 0
        }
    }

    func loopback(_ port: UInt16 = 0, ip: String = "127.0.0.1") throws -> SocketAddress {
        try XCTUnwrap(SocketAddress(ip: ip, port: port))
    }

    func listen(ip: String = "127.0.0.1") throws -> Listener { try Listener(loop, on: loopback(ip: ip)) }

    func connect(to address: SocketAddress, timeout: Duration = .seconds(10)) throws -> Stream {
        Stream(try loop, connectingTo: address, timeout: timeout)
    }

    /// A connection's two ends.
    func connectedPair() throws -> (client: Stream, server: Stream) {
        let listener = try listen()
        var accepted: Stream?
        listener.onConnection = { accepted = $0 }
        let client = try connect(to: listener.address)
        try run { accepted != nil && client.isConnected }
        listener.close()
        return (client, try XCTUnwrap(accepted))
    }

    /// A listener that sends everything back.
    func listenAndEcho(ip: String = "127.0.0.1") throws -> Listener {
        let listener = try listen(ip: ip)
        listener.onConnection = { stream in
            stream.onRead = { [unowned stream] in stream.write($0) }
        }
        return listener
    }
}

/// What a stream's or socket's callbacks said, for tests.
final class Inbox {
    var bytes: [UInt8] = []
    var reads = 0
    var closings: [CloseReason] = []

    init(of stream: Stream? = nil) {
        guard let stream else { return }
        stream.onRead = {
            self.bytes.append(contentsOf: $0)
            self.reads += 1
        }
        stream.onClose = { self.closings.append($0) }
    }
}

/// Bytes that show a loss, a repetition or a swap.
func payload(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    let words = (0..<(count + 7) / 8).map { _ in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
    return words.withUnsafeBytes { Array($0.prefix(count)) }
}

/// A socket without the loop: a peer that does what `Stream` never would.
struct PlainSocket {
    let descriptor: Int32

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

    func send(_ bytes: [UInt8]) { _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

    /// What is there now.
    func receive() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        return Array(bytes.prefix(max(0, count)))
    }

    func sendEnd() { shutdown(descriptor, Int32(SHUT_WR)) }

    func close() { Glibc.close(descriptor) }

    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
        close()
    }
}

/// Runs `body` twice: what the system and libuv open once for the process, they open in the first.
func assertKeepsNoDescriptor(line: UInt = #line, _ body: () throws -> Void) rethrows {
    try body()
    let before = try? openDescriptors()
    try body()
    XCTAssertEqual(try openDescriptors(), before, "descriptors left open", line: line)
}

/// Open descriptors of this process.
func openDescriptors() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
}
