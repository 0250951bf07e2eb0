import Protocol
import XCTest

@testable import Server

/// Commands and replies of a connection.
final class RedisConversationTests: RedisTestCase {
    private func bulk(_ text: String) -> String { "$\(text.utf8.count)\r\n\(text)\r\n" }

    func test_replies_comeInTheOrderOfCommands_whateverTheOrderOfAnswers() throws {
        put((0..<50).map { "k\($0)" })
        answerInAnyOrder()
        for pieces in [1...3, 1...200, 1_000_000...1_000_000] {
            let client = try connect()
            client.pieces = pieces
            var wanted = ""
            for _ in 0..<400 {
                let numbers = (0..<Int.random(in: 1...6)).map { _ in Int.random(in: 0..<60) }
                let values = numbers.map { $0 < 50 ? bulk("k\($0)") : "$-1\r\n" }
                switch Int.random(in: 0..<5) {
                case 0:
                    client.send("PING\r\n")
                    wanted += "+PONG\r\n"
                case 1:
                    client.send("MGET " + numbers.map { "k\($0)" }.joined(separator: " ") + "\r\n")
                    wanted += "*\(numbers.count)\r\n" + values.joined()
                case 2:
                    client.send("NOSUCH\r\n")
                    wanted += "-ERR unknown command 'NOSUCH', with args beginning with: \r\n"
                case 3:
                    client.send("EXISTS " + numbers.map { "k\($0)" }.joined(separator: " ") + "\r\n")
                    wanted += ":\(numbers.count { $0 < 50 })\r\n"
                default:
                    client.send("GET k\(numbers[0])\r\n")
                    wanted += values[0]
                }
            }
            run { client.received.count >= wanted.utf8.count || client.isAtEnd }
            XCTAssertEqual(client.text, wanted)
        }
    }

    func test_commands_areSubmittedInTheirOrder_withoutWaitingForAnswers() throws {
        let client = try connect()
        for number in 0..<100 { client.send("SET {t}\(number) x\r\nGET {t}\(number)\r\n") }
        run { self.sink.pending.count == 200 }
        XCTAssertEqual(sink.pending.map(\.key), (0..<200).map { Array("{t}\($0 / 2)".utf8) })
        XCTAssertEqual(sink.pending.map(\.operation.isWrite), (0..<200).map { $0.isMultiple(of: 2) })
    }

    func test_commandOfSeveralSlots_whereOnePartFails_saysSo_andTheNextIsAnswered() throws {
        put(["a", "b"])
        let client = try connect()
        client.send("MGET a b {a}c\r\nDEL a b\r\nGET a\r\n")
        run { self.sink.pending.count == 5 }
        XCTAssertEqual(sink.pending[0].operation, .query(.entries([Array("a".utf8), Array("{a}c".utf8)])))
        let waiting = sink.pending.indices.map { outcome(sink.pending[$0]) }
        sink.answer(at: 4, with: .answer(.count(1)))  // what is no answer to it
        sink.answer(at: 1, with: .unavailable("no majority answered"))
        for outcome in [waiting[0], waiting[2], waiting[3]] { sink.answer(with: outcome) }
        run { client.lineCount == 3 }
        XCTAssertEqual(
            client.text,
            "-CLUSTERDOWN unavailable: no majority answered\r\n:2\r\n"
                + "-ERR the answer of the slot does not fit its question\r\n")
    }

    func test_transaction_isOneOperation_andItsAnswersAreItsReplies() throws {
        let client = try connect()
        client.send("MULTI\r\nSET a 1\r\nGET a\r\nPING\r\nEXEC\r\nPING\r\n")
        run { self.sink.pending.count == 1 }
        guard case .transaction(let transaction) = sink.pending[0].operation else { return XCTFail("no transaction") }
        XCTAssertEqual(transaction.batches.map(\.count), [1, 1])
        XCTAssertEqual(sink.pending[0].slot, Slot(key: Array("a".utf8)))
        let time = Timestamp(milliseconds: 1)
        sink.answer(with: .batch(version: version, timestamp: time, [.batch([.written()]), .batch([.written(.old(.nothing))])]))
        let replies = "+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n*3\r\n+OK\r\n$-1\r\n+PONG\r\n+PONG\r\n"
        run { client.received.count == replies.utf8.count }
        XCTAssertEqual(client.text, replies)
    }

    func test_transaction_thatIsNotDone_saysNothingOrWhy() throws {
        let cases: [(Outcome, String)] = [
            (.aborted(at: 0, .conflict(.nothing)), "*-1"), (.busy("b"), "-TRYAGAIN busy: b"),
            (.unavailable("x; outcome unknown"), "-UNAVAILABLE x; outcome unknown"), (.unavailable("x"), "-CLUSTERDOWN unavailable: x"),
        ]
        for (outcome, wanted) in cases {
            let client = try connect()
            client.send("MULTI\r\nSET a 1\r\nEXEC\r\n")
            run { self.sink.pending.count == 1 }
            sink.answer(with: outcome)
            run { client.lineCount == 3 }
            XCTAssertEqual(client.text, "+OK\r\n+QUEUED\r\n\(wanted)\r\n")
        }
    }

    func test_faultOfTheProtocol_isSaidBehindAllBefore_andEndsTheConnection() throws {
        let client = try connect()
        client.send("GET a\r\n*1\r\n:1\r\nPING\r\n")
        run { self.sink.pending.count == 1 }
        run(turns: 20)
        XCTAssertEqual(client.text, "")
        sink.answer(with: .notFound)
        run { client.isAtEnd }
        XCTAssertEqual(client.text, "$-1\r\n-ERR Protocol error: expected '$', got ':'\r\n")
    }

    func test_quit_isAnsweredBehindAllBefore_andNothingFollows() throws {
        let client = try connect()
        client.send("GET a\r\nQUIT\r\nGET b\r\n")
        run { self.sink.pending.count == 1 }
        run(turns: 20)
        XCTAssertEqual(sink.submissions, 1)
        sink.answer(with: .notFound)
        run { client.isAtEnd }
        XCTAssertEqual(client.text, "$-1\r\n+OK\r\n")
    }

    func test_inputEnds_withCommandsOpen_theyAreAnswered() throws {
        let client = try connect()
        client.send("GET a\r\nGET b\r\n*1\r\n$4\r\nPI")
        client.sendEnd()
        run { self.sink.pending.count == 2 }
        run(turns: 20)
        sink.answerAll { _ in .notFound }
        run { client.isAtEnd }
        XCTAssertEqual(client.text, "$-1\r\n$-1\r\n")
    }

    func test_reset_inTheMidstOfAPipeline_countsForWhatFollows() throws {
        let client = try connect()
        client.send("HELLO 3\r\nGET a\r\nRESET\r\nGET a\r\n")
        run { self.sink.pending.count == 2 }
        sink.answer(at: 1, with: .notFound)
        sink.answer(with: .notFound)
        run { client.text.hasSuffix("_\r\n+RESET\r\n$-1\r\n") }
    }

    // MARK: Limits

    func test_clientThatDoesNotRead_isNotServedOn_andIsClosedOverItsLimit() throws {
        var limits = ClientLimits()
        limits.outputBytesMax = 400 * 1024
        limits.outputBytesToPause = 100 * 1024
        try serve(limits: limits)
        let client = try connect()
        client.reads = false
        for _ in 0..<4_000 { client.send("GET a\r\n") }
        run { self.sink.pending.count == 4_000 }
        let large = Entry(
            value: [UInt8](repeating: 1, count: 10_000), version: version, timestamp: Timestamp(milliseconds: 1), expiry: nil)
        sink.onTurnEnd = { [unowned sink] in
            guard let sink, !sink.pending.isEmpty else { return }
            sink.answer(with: .found(large))
        }
        run { self.clients.count == 0 }
        XCTAssertGreaterThan(sink.pending.count, 0)
    }

    func test_commandsThatNeedNoRing_doNotPileUpReplies() throws {
        let client = try connect()
        client.reads = false
        let line = "ECHO " + String(repeating: "x", count: 10_000) + "\r\n"
        client.send(String(repeating: line, count: 3_000))
        run(turns: 300)
        XCTAssertEqual(clients.count, 1)
        let connection = try XCTUnwrap(Array(clients.connections).first)
        XCTAssertLessThan(connection.conversation.answerBytes, 4 << 20)
        client.reads = true
        run { client.lineCount == 6_000 }
    }

    func test_clientTooMany_isTold() throws {
        var limits = ClientLimits()
        limits.clientsMax = 1
        try serve(limits: limits)
        let first = try connect()
        first.send("PING\r\n")
        run { first.text == "+PONG\r\n" }
        let second = try connect()
        second.send("PING\r\n")
        run { second.isAtEnd }
        XCTAssertEqual(second.text, "-ERR max number of clients reached\r\n")
    }

    func test_clientKill_ofAnother_andOfItself() throws {
        answerInAnyOrder()
        let (one, other) = (try connect(), try connect())
        XCTAssertEqual(reply(to: "CLIENT ID", from: one), ":1")
        XCTAssertEqual(reply(to: "CLIENT ID", from: other), ":2")
        other.send("GET a\r\nGET b\r\n")
        XCTAssertEqual(reply(to: "CLIENT KILL ID 2", from: one), ":1")
        run { other.isAtEnd }
        XCTAssertEqual(reply(to: "CLIENT KILL ID 2", from: one), ":0")
        one.send("CLIENT KILL ID 1 SKIPME no\r\nPING\r\n")
        run { one.isAtEnd }
        XCTAssertTrue(one.text.hasSuffix(":1\r\n"))
        run { self.clients.count == 0 }
    }

    private func array(_ words: String...) -> String { "*\(words.count)\r\n" + words.map(bulk).joined() }

    /// Written as client libraries do, some of them answered at once and some later.
    func test_plainCommands_areAnsweredInTheirOrder_whicheverAreAnsweredAtOnce() throws {
        put((0..<50).map { "k\($0)" })
        answerInAnyOrder()
        sink.valueAtOnce = { key, slot, _ in
            XCTAssertEqual(slot, Slot(key: key))
            guard let last = key.last, last.isMultiple(of: 2) else { return nil }
            return .some(self.table[slot]?[key] == nil ? nil : key)
        }
        var written: [[UInt8]: UInt64] = [:]
        sink.writtenAtOnce = { key, value, _ in
            guard let last = value.last, last.isMultiple(of: 2) else { return nil }
            written[value, default: 0] += 1
            return Version(epoch: 1, sequence: 1)
        }
        for pieces in [1...3, 1...200, 1_000_000...1_000_000] {
            let client = try connect()
            client.pieces = pieces
            var wanted = ""
            for _ in 0..<400 {
                let key = "k\(Int.random(in: 0..<60))"
                let isThere = (0..<50).contains { "k\($0)" == key }
                switch Int.random(in: 0..<4) {
                case 0:
                    client.send(array("set", "other", key))
                    wanted += "+OK\r\n"
                case 1:
                    client.send("PING\r\n")
                    wanted += "+PONG\r\n"
                default:
                    client.send(array("GET", key))
                    wanted += isThere ? bulk(key) : "$-1\r\n"
                }
                // Only where nothing waits to be answered can something be answered at once.
                guard Int.random(in: 0..<8) == 0 else { continue }
                let count = wanted.utf8.count
                run { client.received.count >= count || client.isAtEnd }
            }
            run { client.received.count >= wanted.utf8.count || client.isAtEnd }
            XCTAssertEqual(client.text, wanted)
        }
        XCTAssertGreaterThan(written.count, 5)
    }

    /// What was read together is answered as it was found where that holds, and else as each is answered later.
    func test_getsThatAreReadTogether_areAnsweredInTheirOrder_whetherThatHoldsOrNot() throws {
        put((0..<50).map { "k\($0)" })
        var (held, void) = (0, 0)
        let answerRest = { [unowned self] in
            while !sink.pending.isEmpty, Int.random(in: 0..<20) > 0 {
                let index = Int.random(in: 0..<sink.pending.count)
                sink.answer(at: index, with: outcome(sink.pending[index]))
            }
        }
        sink.onTurnEnd = { [unowned self] in
            answerRest()
            for (token, keys) in sink.groups where Bool.random() {
                sink.groups[token] = nil
                guard keys.contains(Array("k7".utf8)) else {
                    held += keys.count
                    clients.confirm(token)
                    continue
                }
                void += keys.count
                for (index, key) in keys.enumerated().shuffled() {
                    let found = entry(key, Slot(key: key)).map { Outcome.found($0) } ?? .notFound
                    clients.complete(token + UInt64(index), with: found, servedBy: sink.server)
                }
                clients.confirm(token)  // it is too late for that
            }
        }
        sink.valueTogether = { key, level in
            XCTAssertEqual(level, .quorum)
            guard let last = key.last, last % 3 > 0 else { return nil }
            if key == Array("k7".utf8) { return .some(Array("old".utf8)) }
            return .some(self.table[Slot(key: key)]?[key] == nil ? nil : key)
        }
        for pieces in [1...200, 1_000_000...1_000_000] {
            let client = try connect()
            client.pieces = pieces
            var wanted = ""
            for _ in 0..<400 {
                let number = Int.random(in: 0..<60)
                client.send(array("GET", "k\(number)"))
                wanted += number < 50 ? bulk("k\(number)") : "$-1\r\n"
                guard Int.random(in: 0..<12) == 0 else { continue }
                client.send("PING\r\n")
                wanted += "+PONG\r\n"
            }
            run { client.received.count >= wanted.utf8.count || client.isAtEnd }
            XCTAssertEqual(client.text, wanted)
        }
        XCTAssertGreaterThan(held, 100)
        XCTAssertGreaterThan(void, 5)
    }

    func test_plainCommands_inATransaction_areQueued() throws {
        sink.valueAtOnce = { _, _, _ in .some(Array("now".utf8)) }
        let client = try connect()
        client.send(array("MULTI") + array("GET", "k") + array("SET", "k", "v") + array("DISCARD") + array("GET", "k"))
        let wanted = "+OK\r\n+QUEUED\r\n+QUEUED\r\n+OK\r\n" + bulk("now")
        run { client.received.count >= wanted.utf8.count || client.isAtEnd }
        XCTAssertEqual(client.text, wanted)
        XCTAssertEqual(sink.submissions, 0)
    }

    func test_plainGet_isReadAtTheLevelOfTheConnection() throws {
        var levels: [Consistency] = []
        sink.valueAtOnce = { _, _, level in
            levels.append(level)
            return .some(nil)
        }
        let client = try connect()
        client.send(array("GET", "k") + "CLIENT CONSISTENCY all\r\n" + array("GET", "k") + "READONLY\r\n" + array("GET", "k"))
        run { client.text.hasSuffix("$-1\r\n") && levels.count == 3 || client.isAtEnd }
        XCTAssertEqual(levels, [.quorum, .all, .one])
    }

    func test_plainSet_thatFails_saysWhy() throws {
        let client = try connect()
        client.send(array("SET", "k", "v"))
        run { self.sink.pending.count == 1 }
        XCTAssertEqual(sink.pending[0].operation, .write(Write(.set(Array("v".utf8)), for: .forever)))
        sink.answer(with: .busy("too much"))
        run { client.text.hasSuffix("\r\n") || client.isAtEnd }
        XCTAssertEqual(client.text, "-TRYAGAIN busy: too much\r\n")
    }
}
