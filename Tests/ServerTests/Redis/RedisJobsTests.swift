import Protocol
import XCTest

@testable import Redis
@testable import Server

/// Commands that take several questions.
final class RedisJobsTests: RedisTestCase {
    private let jobs = ["SCAN 0", "KEYS *", "FLUSHALL", "WAIT 1 50", "WATCH a b c", "DBSIZE", "RANDOMKEY"]

    private func keys(in reply: String) -> [String] { reply.split(separator: " ").map(String.init).filter { $0.hasPrefix("k") } }

    // MARK: Their place in the order

    func test_jobs_waitForWhatIsBefore_andHoldUpWhatIsBehind() throws {
        for job in jobs {
            try serve()
            table = [:]
            put(["a", "b"])
            let client = try connect()
            client.send("SET a 1\r\nGET a\r\n\(job)\r\nGET behind\r\nPING\r\n")
            run { self.sink.pending.count == 2 }
            run(turns: 20)
            XCTAssertEqual(sink.submissions, 2, job)
            XCTAssertEqual(sink.keyCountRequests.count, 0, job)
            sink.answer(at: 1, with: outcome(sink.pending[1]))
            run(turns: 20)
            XCTAssertEqual(sink.submissions, 1 + 1, job)
            sink.answer(with: outcome(sink.pending[0]))
            run { !self.sink.pending.isEmpty || !self.sink.keyCountRequests.isEmpty }
            run(turns: 20)
            XCTAssertFalse(sink.pending.contains { $0.key == Array("behind".utf8) }, job)
            answerInAnyOrder()
            run { client.text.hasSuffix("$-1\r\n+PONG\r\n") }
            XCTAssertTrue(client.text.hasPrefix("+OK\r\n$1\r\na\r\n"), job)
        }
    }

    func test_jobs_oneBehindTheOther_areAnsweredInOrder() throws {
        put((0..<20).map { "k\($0)" })
        answerInAnyOrder()
        let client = try connect()
        client.send("DBSIZE\r\nRANDOMKEY\r\nSCAN 0 COUNT 1000\r\nFLUSHALL\r\nDBSIZE\r\nRANDOMKEY\r\nKEYS *\r\nPING\r\n")
        run { client.text.hasSuffix("+PONG\r\n") }
        XCTAssertTrue(client.text.hasPrefix(":20\r\n$"))
        XCTAssertTrue(client.text.hasSuffix("+OK\r\n:0\r\n$-1\r\n*0\r\n+PONG\r\n"), String(client.text.suffix(60)))
    }

    // MARK: Ends

    func test_connection_thatCloses_inTheMidstOfAJob_leavesNothing() throws {
        for job in jobs {
            try serve()
            put(["a", "b"])
            let client = try connect()
            client.send("SET a 1\r\n")
            run { self.sink.pending.count == 1 }
            sink.answer(with: outcome(sink.pending[0]))
            run { client.lineCount == 1 }
            weak let conversation = clients.connections.first { _ in true }?.conversation
            XCTAssertNotNil(conversation)
            client.send(job + "\r\nGET never\r\n")
            run { !self.sink.pending.isEmpty || !self.sink.keyCountRequests.isEmpty }
            let submissions = sink.submissions
            clients.connections.first { _ in true }?.close()
            run { self.clients.count == 0 }
            sink.answerAll { outcome($0) }
            while let token = sink.takeKeyCountRequest() {
                clients.complete(token, with: .answer(.count(5)), servedBy: sink.server)
            }
            run(turns: 20)
            XCTAssertEqual(sink.submissions, submissions, job)
            XCTAssertNil(conversation, job)
        }
    }

    func test_client_thatIsGone_inTheMidstOfAJob_isNoticed() throws {
        for job in jobs + ["WAIT 9 0"] {
            try serve()
            put(["a", "b"])
            let client = try connect()
            client.send("SET a 1\r\n")
            run { self.sink.pending.count == 1 }
            sink.answer(with: outcome(sink.pending[0]))
            run { client.lineCount == 1 }
            client.send(job + "\r\n")
            run { !self.sink.pending.isEmpty || !self.sink.keyCountRequests.isEmpty }
            client.close()
            answerInAnyOrder()
            run(within: .seconds(10)) { self.clients.count == 0 }
        }
    }

    func test_slotThatDoesNotAnswer_endsTheJobWithAnError() throws {
        for job in ["SCAN 0", "KEYS *", "FLUSHALL", "WATCH a b c", "RANDOMKEY"] {
            let client = try connect()
            client.send(job + "\r\nPING\r\n")
            run { self.sink.pending.count > 1 }
            sink.answer(at: 1, with: .unavailable("no majority"))
            answerInAnyOrder()
            run { client.text.hasSuffix("+PONG\r\n") }
            XCTAssertEqual(client.text, "-CLUSTERDOWN unavailable: no majority\r\n+PONG\r\n", job)
            sink.onTurnEnd = nil
        }
    }

    // MARK: Walks

    private func scan(_ options: String, by others: [TestClient]) -> (keys: [String], calls: Int) {
        var cursor = "0"
        var (found, calls): ([String], Int) = ([], 0)
        repeat {
            let reply = reply(to: "SCAN \(cursor) \(options)", from: others[calls % others.count])
            let words = reply.split(separator: " ").map(String.init)
            guard words.count >= 4 else {
                XCTFail(reply)
                return (found, calls)
            }
            cursor = words[2]
            found += keys(in: reply)
            calls += 1
        } while cursor != "0" && calls < 10_000
        return (found, calls)
    }

    func test_scan_findsEveryKeyOnce() throws {
        let all = (0..<300).map { "k\($0)" } + (0..<100).map { "k{t}\($0)" }
        put(all)
        answerInAnyOrder()
        let client = try connect()
        for options in ["", "COUNT 1", "COUNT 7", "COUNT 1000"] {
            let (found, calls) = scan(options, by: [client])
            XCTAssertEqual(found.sorted(), all.sorted(), options)
            XCTAssertGreaterThan(calls, 1)
        }
        XCTAssertEqual(scan("MATCH k1? COUNT 50", by: [client]).keys.sorted(), (10..<20).map { "k\($0)" })
        XCTAssertEqual(scan("TYPE list", by: [client]).keys, [])
        XCTAssertEqual(keys(in: reply(to: "KEYS k{t}*", from: client)).count, 100)
    }

    /// A cursor that another node gave.
    func test_scan_withACursorThatIsNotKnown_goesOnWhereItStands() throws {
        let all = (0..<60).map { "k{t}\($0)" }
        put(all)
        answerInAnyOrder()
        let client = try connect()
        var cursor = "0"
        var found: [String] = []
        repeat {
            clients.redis.cursors = CursorMemory()
            let words = reply(to: "SCAN \(cursor) COUNT 7", from: client).split(separator: " ").map(String.init)
            cursor = words[2]
            found += words.filter { $0.hasPrefix("k") }
        } while cursor != "0"
        XCTAssertEqual(found.sorted(), all.sorted())
    }

    func test_scan_whoseKeyIsNoMore_beginsItsSlotAnew_andLeavesNothingOut() throws {
        let all = (0..<30).map { "k{t}\($0)" }
        put(all)
        answerInAnyOrder()
        let client = try connect()
        var words = ["", "", "0"]
        while !(words.last ?? "").hasPrefix("k") {
            words = reply(to: "SCAN \(words[2]) COUNT 7", from: client).split(separator: " ").map(String.init)
        }
        let last = try XCTUnwrap(words.last)
        table[Slot(key: Array(last.utf8))]?[Array(last.utf8)] = nil
        clients.redis.cursors = CursorMemory()
        var found = Set(words.filter { $0.hasPrefix("k") })
        found.formUnion(keys(in: reply(to: "SCAN \(words[2]) COUNT 1000", from: client)))
        XCTAssertEqual(found, Set(all))
    }

    func test_scan_withCursorsThatNobodyGave_ends() throws {
        put((0..<50).map { "k\($0)" })
        answerInAnyOrder()
        let client = try connect()
        for cursor in [1, 16_383, 16_384, UInt64.max, 1 << 63, 12_345_678_901_234] as [UInt64] {
            XCTAssertTrue(reply(to: "SCAN \(cursor) COUNT 100", from: client).hasPrefix("*2 $"), "\(cursor)")
        }
        XCTAssertEqual(reply(to: "SCAN x", from: client), "-ERR invalid cursor")
        XCTAssertEqual(reply(to: "SCAN 0 COUNT 0", from: client), "-ERR syntax error")
    }

    func test_keys_moreThanAReplyMayHold_isRefused() throws {
        let long = String(repeating: "x", count: 4_000)
        put((0..<8_500).map { "k{\($0 % 50)}\($0)\(long)" })
        sink.answerAtOnce = { [unowned self] in outcome($0) }
        let client = try connect()
        client.send("KEYS *\r\nPING\r\n")
        run { client.text.hasSuffix("+PONG\r\n") }
        XCTAssertTrue(client.text.hasPrefix("-ERR more than 33554432 bytes of keys match: use SCAN\r\n"))
    }

    func test_flush_deletesAll_alsoManyKeysOfOneSlot() throws {
        put((0..<200).map { "k\($0)" } + (0..<2_500).map { "k{t}\($0)" })
        answerInAnyOrder()
        let client = try connect()
        XCTAssertEqual(reply(to: "FLUSHALL", from: client), "+OK")
        XCTAssertEqual(keyCount, 0)
        XCTAssertEqual(reply(to: "FLUSHALL NOW", from: client), "-ERR syntax error")
    }

    func test_randomKey_isOneOfThem() throws {
        answerInAnyOrder()
        let client = try connect()
        XCTAssertEqual(reply(to: "RANDOMKEY", from: client), "$-1")
        put(["kk"])
        for _ in 0..<5 { XCTAssertEqual(reply(to: "RANDOMKEY", from: client), "$2 kk") }
    }

    // MARK: Waiting

    func test_wait_asksForTheLastWrite_untilEnoughHaveIt() throws {
        answerInAnyOrder()
        let client = try connect()
        XCTAssertEqual(reply(to: "WAIT 1 1000", from: client), ":0")
        XCTAssertEqual(reply(to: "SET a 1", from: client), "+OK")
        XCTAssertEqual(reply(to: "WAIT 1 20", from: client), ":0")
        holders = 2
        XCTAssertEqual(reply(to: "WAIT 1 1000000", from: client), ":2")
        XCTAssertEqual(reply(to: "WAIT 2 0", from: client), ":2")
        holders = 0
        client.send("WAIT 1 0\r\n")
        let before = log.count
        run { self.log.count > before + 3 }
        holders = 1
        run { client.text.hasSuffix(":1\r\n") }
    }

    /// Only the primary knows who has what.
    func test_wait_asksThePrimary_whateverLevelReadsHave() throws {
        answerInAnyOrder()
        let client = try connect()
        for level in ["READONLY", "CLIENT CONSISTENCY one"] {
            XCTAssertEqual(reply(to: level, from: client), "+OK")
            XCTAssertEqual(reply(to: "SET a 1", from: client), "+OK")
            XCTAssertEqual(reply(to: "WAIT 0 0", from: client), ":0")
            let asked = try XCTUnwrap(log.last { if case .query(.holders) = $0.operation { true } else { false } })
            XCTAssertEqual(asked.consistency, .quorum, level)
        }
    }

    func test_watch_thenTransaction_expectsTheVersionsThatWereThere() throws {
        put(["a"])
        answerInAnyOrder()
        let client = try connect()
        XCTAssertEqual(reply(to: "WATCH a {a}b", from: client), "+OK")
        let version = try XCTUnwrap(table[Slot(key: Array("a".utf8))]?[Array("a".utf8)])
        client.send("MULTI\r\nSET a 2\r\nEXEC\r\n")
        run { client.text.hasSuffix("*1\r\n+OK\r\n") }
        guard case .transaction(let transaction)? = log.last?.operation else { return XCTFail("no transaction") }
        XCTAssertEqual(transaction.expectations.map(\.key), [Array("a".utf8), Array("{a}b".utf8)])
        XCTAssertEqual(transaction.expectations.map(\.write.condition), [.version(version), .absent])
    }
}
