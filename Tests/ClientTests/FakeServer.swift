import Glibc
import Synchronization
import XCTest

/// A server on a free port of the loopback that answers each line as its script says.
final class FakeServer: Sendable {
    enum Reaction: Sendable {
        case answer(String)
        /// Say nothing, and keep the connection.
        case ignore
        /// End the connection.
        case hangUp
    }

    typealias Script = @Sendable (_ line: String) -> Reaction

    private struct State {
        var lines: [String] = []
        var connections: [Int32] = []
        var isStopped = false
    }

    let port: UInt16
    private let listener: Int32
    private let script: Script
    private let state = Mutex(State())

    init(_ script: @escaping Script) throws {
        self.script = script
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) + listen(listener, 16) + getsockname(listener, $0, &length)
            }
        }
        guard code == 0 else { throw XCTSkip("no port: \(errno)") }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                // Closed here: another server's could have the number before this thread asks for it again.
                guard connection >= 0 else { return _ = close(listener) }
                state.withLock { state in
                    state.connections.append(connection)
                    if state.isStopped { Glibc.shutdown(connection, Int32(SHUT_RDWR)) }
                }
                Thread.detachNewThread { [self] in serve(connection) }
            }
        }
    }

    var address: String { "127.0.0.1:\(port)" }
    /// Every request that came, over all connections, except those for the status.
    var lines: [String] { state.withLock { $0.lines } }

    /// As if its process had ended: no port, no connections.
    func stop() {
        state.withLock { state in
            // Once: the number may be another file's by then.
            guard !state.isStopped else { return }
            state.isStopped = true
            Glibc.shutdown(listener, Int32(SHUT_RDWR))
            for connection in state.connections { Glibc.shutdown(connection, Int32(SHUT_RDWR)) }
        }
    }

    private func serve(_ connection: Int32) {
        defer {
            state.withLock { state in
                state.connections.removeAll { $0 == connection }
                close(connection)
            }
        }
        var buffer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(connection, &piece, piece.count, 0)
            guard count > 0 else { return }
            buffer += piece[..<count]
            while let end = buffer.firstIndex(of: 0x0A) {
                let line = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeFirst(end + 1)
                if !line.contains("STATUS") { state.withLock { $0.lines.append(line) } }
                guard react(connection, line) else { return }
            }
        }
    }

    private func react(_ connection: Int32, _ line: String) -> Bool {
        switch script(line) {
        case .answer(let text): send(connection, text, text.utf8.count, Int32(MSG_NOSIGNAL)) > 0
        case .ignore: true
        case .hangUp: false
        }
    }
}

/// Answers in the public protocol.
enum Canned {
    static func value(_ value: String, node: String = "a") -> FakeServer.Reaction {
        .answer(#"{"type":"RESPONSE","key":"k","value":"\#(value)","version":"1.1","status":"SUCCESS","node":"\#(node)"}"#)
    }
    static func done(node: String = "a") -> FakeServer.Reaction {
        .answer(#"{"type":"RESPONSE","key":"k","version":"1.2","status":"SUCCESS","node":"\#(node)"}"#)
    }
    /// - Parameter present: fields, each with a comma behind it.
    static func conflict(_ present: String) -> FakeServer.Reaction {
        .answer(#"{"type":"RESPONSE","key":"k",\#(present)"status":"ERROR","error":"conflict","node":"a"}"#)
    }
    static func error(_ text: String) -> FakeServer.Reaction {
        .answer(#"{"type":"RESPONSE","key":"k","status":"ERROR","error":"\#(text)","node":"a"}"#)
    }
    static func status(_ servers: [FakeServer]) -> FakeServer.Reaction {
        let nodes = servers.map { #"{\"id\":\"n\",\"addr\":\"\#($0.address)\",\"liveness\":\"alive\"}"# }
        return .answer(
            #"{"type":"RESPONSE","status":"SUCCESS","value":"{\"ring\":{},\"nodes\":[\#(nodes.joined(separator: ","))],\"waiting\":[]}"}"#)
    }
}
