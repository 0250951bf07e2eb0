import Protocol
import UV
import XCTest

@testable import Server

private func get(_ key: String) -> String { "{\"type\":\"GET\",\"key\":\"\(key)\"}\n" }

/// How a client's connection ends.
final class ClientsClosingTests: ClientsTestCase {
    func test_inputEnds_withRequestsOpen_isAnsweredThenClosed() throws {
        let client = try connect()
        client.send(get("a") + get("b"))
        client.sendEnd()
        run { self.sink.pending.count == 2 }
        run(turns: 20)
        XCTAssertFalse(client.isAtEnd)
        sink.answer(at: 1, with: .found(entry([2])))
        run(turns: 5)
        sink.answer(at: 0, with: .found(entry([1])))
        run { client.isAtEnd }
        XCTAssertEqual(try client.responses().map(\.value), [[1], [2]])
        run { self.clients.count == 0 }
    }

    func test_inputEnds_whilePaused_everythingIsAnsweredThenClosed() throws {
        var limits = ClientLimits()
        limits.pipelinedRequestsMax = 8
        try serve(limits: limits)
        let client = try connect()
        for number in 0..<100 { client.send(get("\(number)")) }
        client.sendEnd()
        run { client.hasSentAll && self.sink.pending.count == 8 }
        sink.onTurnEnd = { [unowned sink] in sink?.answerAll() }
        run { client.isAtEnd }
        XCTAssertEqual(try client.responses().map(\.value), (0..<100).map { Array("\($0)".utf8) })
    }

    func test_inputEnds_withinAnObject_isSaid() throws {
        let client = try connect()
        client.send(get("a") + "{\"type\":\"GET\"")
        client.sendEnd()
        run { self.sink.pending.count == 1 }
        sink.answer(with: .notFound)
        run { client.isAtEnd }
        XCTAssertEqual(
            try client.responses().map(\.error), ["key not found", "bad JSON: the input ends within an object"])
    }

    func test_inputEnds_withNothingOpen_closes() throws {
        let client = try connect()
        client.send("{\"type\":\"nothing\"}\n \n")
        client.sendEnd()
        run { client.isAtEnd && self.clients.count == 0 }
        XCTAssertEqual(client.lineCount, 1)
    }

    func test_fatalError_closesAfterEveryAnswerBeforeIt() throws {
        let client = try connect()
        client.send(get("a") + get("b"))
        client.send("{\"x\":" + String(repeating: "[", count: Limits.jsonRefusedBytesMax + 100))
        client.send(get("never"))
        run { self.sink.pending.count == 2 }
        run(turns: 20)
        XCTAssertFalse(client.isAtEnd)
        sink.answer(at: 1, with: .found(entry([2])))
        run(turns: 5)
        XCTAssertEqual(client.text, "")
        sink.answer(with: .found(entry([1])))
        run { client.isAtEnd }
        let responses = try client.responses()
        XCTAssertEqual(responses.prefix(2).map(\.value), [[1], [2]])
        XCTAssertEqual(responses.last?.isSuccess, false)
        XCTAssertEqual(sink.submissions, 2)
    }

    func test_disconnect_withRequestsOpen_lateAnswersReachNobody() throws {
        let client = try connect()
        for _ in 0..<10 { client.send(get("secret")) }
        run { self.sink.pending.count == 10 }
        let late = sink.pending
        client.close()
        run(turns: 20)
        sink.answer(with: .notFound)
        sink.answer(with: .notFound)
        run { self.sink.pending.count == 8 && self.clients.count <= 1 }
        sink.answer(with: .notFound)  // if it has not noticed before: a write to it fails
        run(turns: 20)

        // Frees the place for sure, then the next one takes it.
        sink.pending = []
        clients.closeAll()
        run { self.clients.count == 0 }
        clients.sink = sink
        let next = try connect()
        next.send(get("mine"))
        run { self.sink.pending.count == 1 }
        for submission in late { clients.complete(submission.token, with: .found(entry([9])), servedBy: sink.server) }
        run(turns: 5)
        XCTAssertEqual(next.text, "")
        sink.answer(with: .found(entry([1])))
        run { next.lineCount == 1 }
        XCTAssertEqual(try next.responses().map(\.value), [[1]])
    }

    func test_closeAll_endsEveryConnection() throws {
        let all = try (0..<20).map { _ in try connect() }
        for client in all { client.send(get("a")) }
        run { self.sink.pending.count == 20 }
        XCTAssertEqual(clients.count, 20)
        clients.closeAll()
        run { all.allSatisfy(\.isAtEnd) && self.clients.count == 0 }
        sink.answerAll()
        run(turns: 3)
    }
}
