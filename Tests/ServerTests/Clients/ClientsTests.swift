import Protocol
import UV
import XCTest

@testable import Server

private func get(_ key: String, id: Int) -> String { "{\"type\":\"GET\",\"key\":\"\(key)\",\"id\":\(id)}\n" }

/// What clients see of one another's requests and answers.
final class ClientsTests: ClientsTestCase {
    func test_request_withEverything_reachesTheSinkAndIsAnswered() throws {
        let client = try connect()
        client.send(#"{"type":"set","key":"k\n","value":"v","ttl":2,"consistency":"all","id":"x"}"#)
        run { !self.sink.pending.isEmpty }
        let submission = sink.pending[0]
        XCTAssertEqual(submission.operation, .set(value: Array("v".utf8), ttlMilliseconds: 2_000))
        XCTAssertEqual(submission.key, Array("k\n".utf8))
        XCTAssertEqual(submission.consistency, .all)
        sink.answer(with: .written(version: Version(epoch: 1, sequence: 2), timestamp: Timestamp(milliseconds: 0)))
        run { client.lineCount == 1 }
        XCTAssertEqual(
            client.text,
            #"{"type":"RESPONSE","id":"x","key":"k\n","timestamp":"1970-01-01T00:00:00.000Z","version":"1.2","#
                + #""status":"SUCCESS","node":"there"}"# + "\n")
    }

    func test_name_reachesTheSink() throws {
        let client = try connect()
        client.send(#"{"type":"incr","key":"k","client":"c","seq":7,"retry":true}{"type":"incr","key":"k"}"#)
        run { self.sink.pending.count == 2 }
        XCTAssertEqual(
            sink.pending.map(\.name), [RequestName(client: [UInt8(ascii: "c")], sequence: 7, isRetry: true), nil])
    }

    func test_outcomes_ofEveryKind_areAnswersInWords() throws {
        let client = try connect()
        for id in 0..<4 { client.send(get("k", id: id)) }
        run { self.sink.pending.count == 4 }
        sink.answer(with: .found(entry([0xFF])))
        sink.answer(with: .notFound)
        sink.answer(with: .busy("too much"))
        sink.answer(with: .unavailable("nobody"))
        run { client.lineCount == 4 }
        let responses = try client.responses()
        XCTAssertEqual(responses.map(\.value), [[0xFF], nil, nil, nil])
        XCTAssertEqual(responses.map(\.error), [nil, "key not found", "busy: too much", "unavailable: nobody"])
        XCTAssertEqual(responses.map(\.isSuccess), [true, false, false, false])
    }

    func test_answers_inRandomOrder_keepTheOrderOfTheRequests() throws {
        let clients = try (0..<3).map { _ in try connect() }
        let count = 2_000
        for client in clients {
            client.pieces = 1...3_000
            for id in 0..<count { client.send(get("key\(id)", id: id)) }
        }
        sink.onTurnEnd = { [unowned sink] in
            guard let sink else { return }
            for _ in 0..<Int.random(in: 0...(sink.pending.count / 2 + 1)) where !sink.pending.isEmpty {
                let last = sink.pending.indices.last ?? 0
                sink.pending.swapAt(.random(in: sink.pending.indices), last)
                sink.answer(at: last, with: .found(entry(sink.pending[last].key)))
            }
        }
        run { clients.allSatisfy { $0.lineCount == count } }
        for client in clients {
            let responses = try client.responses()
            XCTAssertEqual(responses.map(\.id), (0..<count).map { Array("\($0)".utf8) })
            XCTAssertEqual(responses.map(\.value), (0..<count).map { Array("key\($0)".utf8) })
        }
    }

    func test_pipelining_tenThousandInOddPieces_neverMoreThanTheLimitOpen() throws {
        let client = try connect()
        client.pieces = 1...7_001
        let count = 10_000
        for id in 0..<count { client.send(get("k", id: id)) }
        run { self.sink.pending.count == Limits.pipelinedRequestsMax }
        run(turns: 20)
        XCTAssertEqual(sink.pending.count, Limits.pipelinedRequestsMax)

        for _ in 0..<(Limits.pipelinedRequestsMax / 2 - 1) { sink.answer(with: .notFound) }
        run(turns: 20)
        XCTAssertEqual(sink.submissions, Limits.pipelinedRequestsMax, "goes on once half are answered")
        sink.answer(with: .notFound)
        run { self.sink.submissions == Limits.pipelinedRequestsMax * 3 / 2 }

        var openMax = 0
        sink.onTurnEnd = { [unowned sink] in
            openMax = max(openMax, sink?.pending.count ?? 0)
            sink?.answerAll()
        }
        run { client.lineCount == count }
        XCTAssertLessThanOrEqual(openMax, Limits.pipelinedRequestsMax)
        XCTAssertEqual(try client.responses().map(\.id), (0..<count).map { Array("\($0)".utf8) })
    }

    func test_pipelining_answeredAtOnce_allInOneGo() throws {
        let client = try connect()
        sink.answerAtOnce = { .found(entry($0.key)) }
        for id in 0..<10_000 { client.send(get("k\(id)", id: id)) }
        run { client.lineCount == 10_000 }
        XCTAssertEqual(try client.responses().map(\.value), (0..<10_000).map { Array("k\($0)".utf8) })
    }

    func test_values_largerThanABuffer_comeWhole() throws {
        let client = try connect()
        var stored: [UInt8] = []
        sink.answerAtOnce = { submission in
            if case .write(let write) = submission.operation, case .set(let content) = write.action { stored = content.bytes }
            return .found(entry(stored))
        }
        var lines = 0
        for size in [65_535, 65_536, 65_537, 200_000, 1 << 20] {
            let value = (0..<size).map { UInt8(ascii: "a") + UInt8($0 % 26) }
            client.send("{\"type\":\"SET\",\"key\":\"k\",\"value\":\"\(String(decoding: value, as: UTF8.self))\"}")
            lines += 1
            run { client.lineCount == lines }
            XCTAssertTrue(try client.responses().last?.value == value, "\(size) bytes")
        }
    }

    func test_garbage_thenAGoodRequest_isAnErrorInItsPlaceThenTheAnswer() throws {
        let client = try connect()
        client.send(get("first", id: 1) + "garbage\n" + "{\"type\":\"GET\",\"id\":7}\n" + get("last", id: 2))
        run { self.sink.pending.count == 2 }
        run(turns: 5)
        XCTAssertEqual(client.text, "", "nothing before the first answer")
        sink.answer(at: 1, with: .notFound)
        sink.answer(at: 0, with: .notFound)
        run { client.lineCount == 4 }
        let responses = try client.responses()
        XCTAssertEqual(responses.map(\.id), [[UInt8(ascii: "1")], nil, [UInt8(ascii: "7")], [UInt8(ascii: "2")]])
        XCTAssertEqual(
            responses.map(\.error),
            [
                "key not found", "bad JSON: expected an object, that is {, and found g", "missing key",
                "key not found",
            ])
        XCTAssertEqual(responses[1].node, "here")
    }

    func test_status_isCarriedInItsPlace() throws {
        let client = try connect()
        client.send(get("k", id: 1) + "{\"type\":\"STATUS\",\"id\":2}")
        run { self.sink.pending.count == 1 && self.sink.statusRequests.count == 1 }
        clients.completeStatus(sink.statusRequests[0], text: Array(#"{"ring":"\"x\""}"#.utf8))
        sink.answer(with: .notFound)
        run { client.lineCount == 2 }
        let response = try client.responses()[1]
        XCTAssertEqual(response.value, Array(#"{"ring":"\"x\""}"#.utf8))
        XCTAssertTrue(response.isSuccess)
        XCTAssertEqual(response.node, "here")
    }

    func test_sink_none_isAnError() throws {
        clients.sink = nil
        let client = try connect()
        client.send(get("k", id: 1) + "{\"type\":\"STATUS\"}")
        run { client.lineCount == 2 }
        XCTAssertEqual(try client.responses().map(\.error), Array(repeating: "unavailable: this node stops", count: 2))
    }
}
