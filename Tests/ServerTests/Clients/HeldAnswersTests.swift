import Cluster
import Protocol
import XCTest

@testable import Server

private func get(_ key: String) -> String { "{\"type\":\"GET\",\"key\":\"\(key)\"}\n" }

/// Answers that must not leave before something is durable.
final class HeldAnswersTests: ClientsTestCase {
    private var unsettled: Ticket?

    override func setUpWithError() throws {
        try super.setUpWithError()
        loop.onTurnEnd = { [unowned self] in
            clients.serveArrivals()
            sink.onTurnEnd?()
            clients.flush(behind: unsettled)
        }
        sink.onTurnEnd = { [unowned self] in sink.answerAll() }
    }

    func test_answers_leaveTurnByTurn_onceTheirBatchIsDurable() throws {
        let one = try connect(), other = try connect()
        unsettled = 5
        one.send(get("a"))
        run { self.clients.isHolding }
        unsettled = 7
        one.send(get("b"))
        other.send(get("c"))
        run { self.sink.submissions == 3 }
        run(turns: 10)
        XCTAssertEqual([one.lineCount, other.lineCount], [0, 0])
        clients.release(through: 4)
        run(turns: 10)
        XCTAssertEqual([one.lineCount, other.lineCount], [0, 0])
        clients.release(through: 6)
        run { one.lineCount == 1 }
        run(turns: 10)
        XCTAssertEqual([one.lineCount, other.lineCount], [1, 0])
        clients.release(through: 7)
        XCTAssertFalse(clients.isHolding)
        run { one.lineCount == 2 && other.lineCount == 1 }
        XCTAssertEqual(try one.responses().map(\.value), [Array("a".utf8), Array("b".utf8)])
        unsettled = nil
        one.send(get("d"))
        run { one.lineCount == 3 }
    }

    func test_connectionThatEnds_closesBehindItsAnswers() throws {
        let client = try connect()
        unsettled = 1
        client.send(get("a"))
        run { self.clients.isHolding }
        client.send(get("b"))
        client.sendEnd()
        run { self.sink.submissions == 2 }
        run(turns: 10)
        XCTAssertFalse(client.isAtEnd)
        XCTAssertEqual(clients.count, 1)
        clients.release(through: 1)
        run { client.isAtEnd }
        XCTAssertEqual(client.lineCount, 2)
        run { self.clients.count == 0 }
    }

    /// A PING shows nothing of what is kept: it waits for nothing but what was asked before it on its connection.
    func test_ping_waitsForNothingOfOthers() throws {
        let one = try connect(), other = try connect()
        unsettled = 1
        one.send("GET a\r\n")
        run { self.clients.isHolding }
        other.send("PING\r\n")
        run { other.lineCount == 1 }
        one.send("PING\r\n")
        other.send("PING\r\nGET b\r\nPING\r\n")
        run { self.sink.submissions == 2 }
        run(turns: 20)
        XCTAssertEqual([one.lineCount, other.lineCount], [0, 1])
        clients.release(through: 1)
        run { one.lineCount == 3 && other.lineCount == 5 }
        XCTAssertEqual(String(decoding: one.received, as: UTF8.self), "$1\r\na\r\n+PONG\r\n")
        XCTAssertEqual(String(decoding: other.received, as: UTF8.self), "+PONG\r\n+PONG\r\n$1\r\nb\r\n+PONG\r\n")
        XCTAssertFalse(clients.isHolding)
    }

    /// Of the answers that a job or the node itself makes too.
    func test_answersThatShowData_waitWhateverMadeThem() throws {
        unsettled = 1
        for command in ["INFO keyspace", "MGET a b", "MULTI\r\nGET a\r\nEXEC", "STRLEN a"] {
            let client = try connect()
            client.send("\(command)\r\n")
            run { self.clients.isHolding }
            run(turns: 5)
            XCTAssertFalse(String(decoding: client.received, as: UTF8.self).contains("$"), command)
            clients.release(through: 1)
            run { client.lineCount > 0 }
        }
    }

    /// What is answered in the turn in which the held is released goes out behind it, and only then the connection ends.
    func test_connectionThatEnds_inTheTurnOfTheRelease_getsThatTurnsAnswersToo() throws {
        let client = try connect()
        sink.onTurnEnd = nil
        unsettled = 1
        client.send(get("a") + get("b"))
        run { self.sink.pending.count == 2 }
        sink.answer(with: .found(entry([1])))
        run { self.clients.isHolding }
        client.sendEnd()
        run(turns: 20)
        XCTAssertFalse(client.isAtEnd)
        var isDone = false
        loop.onTurnEnd = { [unowned self] in
            if !isDone {
                isDone = true
                sink.answer(with: .found(entry([2])))
                clients.release(through: 1)
            }
            clients.flush()
        }
        run { client.isAtEnd }
        XCTAssertEqual(try client.responses().map(\.value), [[1], [2]])
    }

    /// It may have become durable since it was looked at what may be released.
    func test_answersOfALaterTurn_neverOvertakeWhatIsHeld() throws {
        let client = try connect()
        unsettled = 1
        client.send(get("a"))
        run { self.clients.isHolding }
        unsettled = nil
        client.send(get("b"))
        run { self.sink.submissions == 2 }
        run(turns: 20)
        XCTAssertEqual(client.lineCount, 0)
        clients.release(through: 1)
        run { client.lineCount == 2 }
        XCTAssertEqual(try client.responses().map(\.value), [Array("a".utf8), Array("b".utf8)])
    }

    func test_connectionThatIsGone_leavesNothing() throws {
        let client = try connect(), other = try connect()
        unsettled = 1
        client.send(get("a"))
        run { self.clients.isHolding }
        client.close()
        run { self.clients.count == 1 }
        other.send(get("b"))
        run { self.sink.submissions == 2 }
        clients.release(through: 1)
        run { other.lineCount == 1 }
        XCTAssertFalse(clients.isHolding)
    }

    /// What waits counts as what the client does not take.
    func test_muchThatWaits_pausesReading_andGoesOnAfterwards() throws {
        sink.onTurnEnd = { [unowned self] in
            sink.answerAll { _ in .found(entry([UInt8](repeating: UInt8(ascii: "x"), count: 100_000))) }
        }
        let client = try connect()
        unsettled = 1
        let count = clients.limits.outputBytesToPause / 100_000 + 1
        for _ in 0..<count { client.send(get("k")) }
        run { self.sink.submissions == count && self.clients.isHolding }
        client.send(get("k"))
        run { client.hasSentAll }
        run(turns: 50)
        XCTAssertEqual(sink.submissions, count)
        unsettled = nil
        clients.release(through: 1)
        run { client.lineCount == count + 1 }
    }
}
