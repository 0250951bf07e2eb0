import Protocol
import XCTest

/// INCR, APPEND and CAS, and writes that are sent again, on real processes.
final class AtomicTests: IntegrationTestCase {
    private func incr(_ key: String, by number: Int, seq: Int? = nil, retry: Bool = false) -> String {
        let name = seq.map { ",\"client\":\"tester\",\"seq\":\($0)" + (retry ? ",\"retry\":true" : "") } ?? ""
        return "{\"type\":\"INCR\",\"key\":\"\(key)\",\"by\":\(number)\(name)}"
    }

    private func text(_ answer: JSONResponse) -> String { String(decoding: answer.value ?? [], as: UTF8.self) }

    func test_everyNode_atOnce_addsUpAndHasOneWinner() throws {
        let ring = try TestRing(3, in: self)
        let clients = try ring.nodes.indices.map { try ring.client($0) }
        let rounds = 50
        for client in clients {
            for number in 0..<rounds {
                try client.send(incr("sum", by: 3) + "\n")
                try client.send("{\"type\":\"APPEND\",\"key\":\"list\",\"value\":\"x\"}\n")
                try client.send("{\"type\":\"CAS\",\"key\":\"first-\(number)\",\"expect\":null,\"value\":\"\(client.port)\"}\n")
            }
        }
        var (sums, lengths, winners) = (Set<String>(), Set<Int64>(), 0)
        for client in clients {
            for _ in 0..<rounds {
                sums.insert(text(try client.receive()))
                lengths.insert(try client.receive().length ?? 0)
                let swap = try client.receive()
                XCTAssertTrue(swap.isSuccess || swap.isConflict, swap.error ?? "")
                if swap.isSuccess { winners += 1 }
            }
        }
        XCTAssertEqual(sums, Set((1...150).map { "\($0 * 3)" }))
        XCTAssertEqual(lengths, Set(1...150))
        XCTAssertEqual(winners, rounds)
        XCTAssertEqual(try clients[1].get("sum"), "450")
    }

    func test_compareAndSet_byVersion_fromAGet() throws {
        let node = try startLoneNode()
        let client = try LineClient(port: node.port)
        try client.set("key", "a")
        let version = try XCTUnwrap(try client.ask(LineClient.getRequest("key")).version)
        let swap = "{\"type\":\"CAS\",\"key\":\"key\",\"if\":\"\(version)\",\"value\":\"b\"}"
        let won = try client.ask(swap)
        XCTAssertTrue(won.isSuccess, won.error ?? "")
        let lost = try client.ask(swap)
        XCTAssertTrue(lost.isConflict)
        XCTAssertEqual(text(lost), "b")
        XCTAssertEqual(lost.version, won.version)
    }

    func test_retry_afterThePrimaryWasKilled_getsTheFirstAnswer() throws {
        let ring = try TestRing(3, in: self)
        let first = try ring.client(0).ask(incr("orders", by: 5, seq: 1))
        XCTAssertEqual(text(first), "5")
        let primary = try XCTUnwrap(ring.nodes.firstIndex { $0.id == first.node })
        let others = ring.nodes.indices.filter { $0 != primary }
        XCTAssertEqual(text(try ring.client(others[0]).ask(incr("orders", by: 1))), "6")
        ring.kill(primary)
        for index in others {
            let again = try ring.client(index).ask(incr("orders", by: 5, seq: 1, retry: true))
            XCTAssertEqual(text(again), "5", again.error ?? "")
            XCTAssertEqual(again.version, first.version)
            XCTAssertNotEqual(again.node, first.node)
        }
        XCTAssertEqual(try ring.client(others[1]).get("orders"), "6")
    }

    func test_batch_afterThePrimaryWasKilled_isWholeAndGetsItsFirstAnswer() throws {
        let ring = try TestRing(3, in: self)
        let batch = { (retry: String) in
            #"{"type":"BATCH","client":"tester","seq":1"# + retry
                + #","value":"{\"type\":\"INCR\",\"key\":\"{t}a\"}{\"type\":\"APPEND\",\"key\":\"{t}b\",\"value\":\"x\"}"}"#
        }
        let first = try ring.client(0).ask(batch(""))
        XCTAssertTrue(first.isSuccess, first.error ?? "")
        let primary = try XCTUnwrap(ring.nodes.firstIndex { $0.id == first.node })
        ring.kill(primary)
        let other = try ring.client((primary + 1) % 3)
        let again = try other.ask(batch(#","retry":true"#))
        XCTAssertEqual(again.version, first.version, again.error ?? "")
        XCTAssertEqual(try other.get("{t}a"), "1")
        XCTAssertEqual(try other.get("{t}b"), "x")
    }

    func test_retry_afterAllWereKilledAndRestarted_getsTheFirstAnswer() throws {
        let ring = try TestRing(3, in: self)
        let first = try ring.client(0).ask(incr("orders", by: 5, seq: 1))
        for index in 0..<3 { ring.kill(index) }
        for index in 0..<3 { try ring.restart(index) }
        for node in ring.nodes { try node.waitUntilReady() }
        let again = try ring.client(1).ask(incr("orders", by: 5, seq: 1, retry: true))
        XCTAssertEqual(text(again), "5", again.error ?? "")
        XCTAssertEqual(again.version, first.version)
    }

    func test_commands_printWhatComesOfThem() throws {
        let node = try startLoneNode()
        let lines = """
            INCR n
            INCR n -11
            APPEND list "one;"
            APPEND list two
            CAS list three EXPECT "one;two"
            CAS list four EXPECT never
            CAS new first ABSENT
            GET list
            INCRBYFLOAT price 10.50
            INCRBYFLOAT price 0.1
            SETRANGE list 5 "!"
            SET list four PRESENT GET
            EXPIRE nothing 5
            MSET {t}a 1 {t}b 2
            DELETE {t}b GET
            DELETE {t}b GET
            MSET a 1 b 2
            """
        let process = try runClient(["-server", "127.0.0.1:\(node.port)"], input: .pipe(lines + "\n"))
        XCTAssertEqual(process.outputLines, [
                "1", "-10", "4", "7", "OK", "OK", "three", "10.5", "10.6", "6", "three!", "OK", "2", "nothing was there",
            ])
        XCTAssertEqual(process.errorLines.count, 3, process.errors)
        XCTAssertTrue(process.errors.contains("conflict: version "), process.errors)
        XCTAssertTrue(process.errors.contains("key not found"), process.errors)
        XCTAssertTrue(process.errors.contains("keys of a batch must be of one slot"), process.errors)
        XCTAssertEqual(process.exitCode, 2)
        let get = try runClient(["-server", "127.0.0.1:\(node.port)", "GET", "list", "VERSION"])
        let version = try XCTUnwrap(get.output.split(separator: " ").first)
        let swap = try runClient(["-server", "127.0.0.1:\(node.port)", "CAS", "list", "five", "IF", String(version)])
        XCTAssertEqual(swap.output, "OK\n", swap.errors)
        let word = try runClient(["-server", "127.0.0.1:\(node.port)", "INCR", "list"])
        XCTAssertEqual(word.exitCode, 2)
        XCTAssertTrue(word.errors.contains("refused: value is not an integer"), word.errors)
    }

    /// Its node has the request and dies before it says a word.
    func test_repl_itsNodeDiesWithAWrite_sendsItAgainAndItIsDoneOnce() throws {
        let ring = try TestRing(3, in: self)
        let terminal = try Terminal()
        let servers = "127.0.0.1:\(ring[1].port),127.0.0.1:\(ring[2].port)"
        _ = try start(
            Programs.client, ["-server", servers, "-timeout", "20s"], input: .terminal(path: terminal.path),
            environment: ["HOME": folder, "XDG_STATE_HOME": "", "TERM": "dumb"])
        try terminal.waitFor("> ")
        try terminal.type("INCR n 20\n")
        try terminal.waitFor("20")
        try terminal.waitFor("> ")
        ring[1].process.signal(SIGSTOP)
        try terminal.type("INCR n 3\n")
        try terminal.waitFor("INCR n 3")
        ring.kill(1)
        try terminal.waitFor("23")
        try terminal.waitFor("> ")
        XCTAssertEqual(try ring.client(2).get("n"), "23")
    }
}
