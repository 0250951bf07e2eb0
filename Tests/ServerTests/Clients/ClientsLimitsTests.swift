import Protocol
import UV
import XCTest

@testable import Server

private func get(_ key: String) -> String { "{\"type\":\"GET\",\"key\":\"\(key)\"}\n" }

private func text(_ count: Int) -> [UInt8] { Array(repeating: UInt8(ascii: "v"), count: count) }

/// What a client cannot make a node do.
final class ClientsLimitsTests: ClientsTestCase {
    func test_clientThatDoesNotRead_isNotServedOn_untilItReads() throws {
        let value = text(4_096)
        sink.answerAtOnce = { _ in .found(entry(value)) }
        let client = try connect()
        client.reads = false
        let count = 8_000
        for number in 0..<count { client.send(get("\(number)")) }
        run { self.isStill() }
        XCTAssertLessThan(sink.submissions, count / 2)
        XCTAssertEqual(clients.count, 1)
        client.reads = true
        run { client.lineCount == count }
        XCTAssertEqual(try client.responses().map(\.key), (0..<count).map { Array("\($0)".utf8) })
    }

    /// Whether nothing has been taken up for 100 looks.
    private func isStill() -> Bool {
        looks = sink.submissions == seen ? looks + 1 : 0
        seen = sink.submissions
        return seen > 0 && looks > 100
    }

    private var seen = 0
    private var looks = 0

    func test_answersAtOnce_farMoreThanTheLimitInOneRead_reachAClientThatReads() throws {
        try serve(limits: smallOutput)
        sink.answerAtOnce = { _ in .found(entry(text(20_000))) }
        let client = try connect()
        for _ in 0..<1_000 { client.send(get("a")) }
        run { client.lineCount == 1_000 || client.isAtEnd }
        XCTAssertEqual(client.lineCount, 1_000)
    }

    func test_manyLargeAnswers_askedForAhead_reachAClientThatReads() throws {
        try serve(expectsLargeAnswers: true)
        let value = text(1_000_000)
        var openMax = 0
        sink.onTurnEnd = { [unowned self] in
            openMax = max(openMax, sink.pending.count)
            while !sink.pending.isEmpty { sink.answer(with: .found(entry(value))) }
        }
        let client = try connect()
        for _ in 0..<150 { client.send(get("a")) }
        run { client.lineCount == 150 || client.isAtEnd }
        XCTAssertEqual(client.lineCount, 150)
        XCTAssertLessThanOrEqual(openMax, 64)
    }

    func test_outputOverItsLimit_closes() throws {
        try serve(limits: smallOutput)
        let client = try connect()
        for _ in 0..<100 { client.send(get("a")) }
        client.reads = false
        run { self.sink.pending.count == 100 }
        let value = text(60_000)
        for _ in 0..<4 { sink.answer(at: 50, with: .found(entry(value))) }  // wait behind the first
        run(turns: 5)
        XCTAssertEqual(clients.count, 1)
        for _ in 0..<30 { sink.answer(at: 50, with: .found(entry(value))) }
        run { self.clients.count == 0 }
        sink.answerAll()
        client.reads = true
        run { client.isAtEnd }
        XCTAssertEqual(client.text, "")
    }

    func test_outputOverItsLimit_whileTheClientDoesNotRead_closes() throws {
        try serve(limits: smallOutput)
        let client = try connect()
        for _ in 0..<4_000 { client.send(get("a")) }
        client.reads = false
        run { self.sink.pending.count == 4_000 }
        let value = text(10_000)
        sink.onTurnEnd = { [unowned sink] in
            guard let sink, !sink.pending.isEmpty else { return }
            sink.answer(with: .found(entry(value)))
        }
        run { self.clients.count == 0 }
        XCTAssertGreaterThan(sink.pending.count, 0)
    }

    func test_outputUpToItsLimit_isNotClosed() throws {
        try serve(limits: smallOutput)
        let client = try connect()
        sink.answerAtOnce = { _ in .found(entry(text(100_000))) }
        for number in 1...50 {
            client.send(get("a"))
            run { client.lineCount == number }
        }
    }

    private var smallOutput: ClientLimits {
        var limits = ClientLimits()
        limits.outputBytesMax = 400 * 1024
        limits.outputBytesToPause = 100 * 1024
        return limits
    }

    func test_unfinishedRequests_tooManyBytes_theLongestSilentIsToldAndClosed() throws {
        var limits = ClientLimits()
        limits.inputBytesMax = 400 * 1024
        try serve(limits: limits)
        sink.answerAtOnce = { _ in .notFound }
        let small = try connect()
        small.send("*2\r\n$3\r\nGET\r\n$1")
        let half = String(repeating: "x", count: 150 * 1024)
        let silent = try ["{\"type\":\"SET\",\"key\":\"a\",\"value\":\"", "*2\r\n$3\r\nGET\r\n$200000\r\n"].map { begin in
            let client = try connect()
            let before = self.clients.inputBytes
            client.send(begin + half)
            run { self.clients.inputBytes >= before + begin.utf8.count + half.utf8.count }
            // The time of the loop has moved on.
            let read = loop.turnTime
            run { self.loop.turnTime > read }
            return client
        }
        for number in silent.indices {
            let next = try connect()
            next.send("*2\r\n$3\r\nGET\r\n$200000\r\n" + half)
            run { silent[number].isAtEnd }
            XCTAssertTrue(silent[number].text.contains("this node holds "), silent[number].text)
            XCTAssertLessThanOrEqual(clients.inputBytes, limits.inputBytesMax)
        }
        XCTAssertTrue(silent[1].text.hasPrefix("-ERR "), silent[1].text)
        small.send("\r\na\r\n")
        run { small.text == "$-1\r\n" || small.isAtEnd }
        XCTAssertEqual(small.text, "$-1\r\n")
    }

    func test_clients_oneTooMany_isToldAndClosed() throws {
        var limits = ClientLimits()
        limits.clientsMax = 3
        try serve(limits: limits)
        sink.answerAtOnce = { _ in .notFound }
        let all = try (0..<3).map { _ in try connect() }
        for client in all { client.send(get("a")) }
        run { all.allSatisfy { $0.lineCount == 1 } }

        let fourth = try connect()
        fourth.send(get("a"))
        run { fourth.isAtEnd }
        XCTAssertEqual(try fourth.responses().map(\.error), ["this node has 3 clients, its limit"])
        XCTAssertEqual(sink.submissions, 3)

        all[1].sendEnd()
        run { self.clients.count == 2 }
        let fifth = try connect()
        fifth.send(get("a"))
        run { fifth.lineCount == 1 }
        XCTAssertEqual(try fifth.responses().map(\.error), ["key not found"])
    }

    func test_redisClient_isServed_inBothForms() throws {
        for request in ["*1\r\n$4\r\nPING\r\n", "PING\r\n"] {
            let client = try connect()
            client.send(request)
            run { client.text == "+PONG\r\n" }
            client.send("QUIT\r\n")
            run { client.isAtEnd }
            client.close()
        }
        run { self.clients.count == 0 }
    }

    func test_httpClient_isToldAndClosed() throws {
        let client = try connect()
        client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        run { client.isAtEnd }
        let parts = client.text.components(separatedBy: "\r\n\r\n")
        XCTAssertTrue(parts[0].hasPrefix("HTTP/1.1 501 Not Implemented\r\n"), client.text)
        XCTAssertEqual(parts.last, "HTTP is not served yet; use newline JSON\n")
        XCTAssertTrue(parts[0].contains("Content-Length: \(parts.last?.utf8.count ?? 0)"))
    }
}
