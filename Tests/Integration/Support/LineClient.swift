import Foundation
import Protocol

/// A client of the public protocol that blocks, on one connection.
final class LineClient {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let port: UInt16
    /// How long an answer may take.
    var patience: Duration
    private let descriptor: Int32
    private var reader = JSONResponseReader()
    private var unreadLines: [UInt8] = []

    init(port: UInt16, patience: Duration = .seconds(15)) throws {
        self.port = port
        self.patience = patience
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = FreePorts.loopback(port)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw Failure(description: "connect to port \(port): \(reason)")
        }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    // MARK: Bytes

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Failure(description: "port \(port): \(String(cString: strerror(errno)))") }
            sent += count
        }
    }

    /// Says that nothing more will be sent.
    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// What comes next, at least one byte; nil at the end of the stream.
    func receiveBytes() throws -> [UInt8]? {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let deadline = ContinuousClock.now + patience
        while true {
            let left = max(.zero, deadline - ContinuousClock.now)
            let count = Glibc.poll(&entry, 1, Int32(left / .milliseconds(1)))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Failure(description: "port \(port): no answer within \(patience)") }
            break
        }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count >= 0 else { throw Failure(description: "port \(port): \(String(cString: strerror(errno)))") }
        return count == 0 ? nil : Array(buffer[..<count])
    }

    // MARK: Answers

    /// The next answer.
    func receive() throws -> JSONResponse {
        while true {
            if let response = try reader.next() { return response }
            reader.append(try receiveMore())
        }
    }

    /// The next answer as it was sent. On one connection either this or `receive` is used.
    func receiveLine() throws -> String {
        while true {
            if let end = unreadLines.firstIndex(of: UInt8(ascii: "\n")) {
                defer { unreadLines.removeSubrange(...end) }
                return String(decoding: unreadLines[..<end], as: UTF8.self)
            }
            unreadLines += try receiveMore()
        }
    }

    private func receiveMore() throws -> [UInt8] {
        guard let bytes = try receiveBytes() else { throw Failure(description: "port \(port): closed by the node") }
        return bytes
    }

    /// Whether the node has closed the connection, all answers read.
    func isClosedByNode() throws -> Bool {
        do { return try receiveBytes() == nil } catch let failure as Failure where failure.description.contains("reset") {
            return true
        }
    }

    func ask(_ text: String) throws -> JSONResponse {
        try send(text + "\n")
        return try receive()
    }

    // MARK: Requests

    @discardableResult
    func set(_ key: String, _ value: String, consistency: String = "quorum") throws -> JSONResponse {
        try expectSuccess(ask(LineClient.setRequest(key, value, consistency: consistency)))
    }

    /// Nil when there is no such key.
    func get(_ key: String, consistency: String = "quorum") throws -> String? {
        try LineClient.value(of: ask(LineClient.getRequest(key, consistency: consistency)))
    }

    @discardableResult
    func delete(_ key: String) throws -> JSONResponse {
        try expectSuccess(ask("{\"type\":\"DELETE\",\"key\":\"\(key)\"}"))
    }

    func status() throws -> RingStatus {
        let answer = try expectSuccess(ask("{\"type\":\"STATUS\"}"))
        return try JSONDecoder().decode(RingStatus.self, from: Data(answer.value ?? []))
    }

    static func setRequest(_ key: String, _ value: String, consistency: String = "quorum") -> String {
        "{\"type\":\"SET\",\"key\":\"\(key)\",\"value\":\"\(value)\",\"consistency\":\"\(consistency)\"}"
    }

    static func getRequest(_ key: String, consistency: String = "quorum") -> String {
        "{\"type\":\"GET\",\"key\":\"\(key)\",\"consistency\":\"\(consistency)\"}"
    }

    /// Of the answer to a GET; nil when there is no such key.
    static func value(of answer: JSONResponse) throws -> String? {
        if answer.isSuccess { return String(decoding: answer.value ?? [], as: UTF8.self) }
        guard answer.error == "key not found" else { throw Failure(description: answer.error ?? "?") }
        return nil
    }

    private func expectSuccess(_ answer: JSONResponse) throws -> JSONResponse {
        guard answer.isSuccess else { throw Failure(description: "port \(port): \(answer.error ?? "?")") }
        return answer
    }

    // MARK: Many at once

    /// Sends requests without waiting for the answers, `window` at a time, and hands the answers over in order.
    func pipeline(_ requests: [String], window: Int = 500, _ onAnswer: (Int, JSONResponse) throws -> Void) throws {
        var answered = 0
        while answered < requests.count {
            let batch = answered..<min(answered + window, requests.count)
            try send(requests[batch].joined(separator: "\n") + "\n")
            for index in batch { try onAnswer(index, receive()) }
            answered = batch.upperBound
        }
    }

    func setAll(_ entries: [(key: String, value: String)]) throws {
        try pipeline(entries.map { LineClient.setRequest($0.key, $0.value) }) { _ = try expectSuccess($1) }
    }

    /// Values by key, of those that there are.
    func getAll(_ keys: [String], consistency: String = "quorum") throws -> [String: String] {
        var values: [String: String] = [:]
        try pipeline(keys.map { LineClient.getRequest($0, consistency: consistency) }) {
            values[keys[$0]] = try LineClient.value(of: $1)
        }
        return values
    }
}
