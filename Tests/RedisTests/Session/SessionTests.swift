import Cluster
import XCTest

@testable import Protocol
@testable import Redis

/// What a connection is told, one command after the other.
final class SessionTests: XCTestCase {
    private let client = TestSession()
    private let arity = "-ERR wrong number of arguments for"

    // MARK: Transactions

    func test_transaction_isQueuedAndDone() throws {
        try client.check([
            ("MULTI", "+OK"), ("SET a 1", "+QUEUED"), ("INCR a", "+QUEUED"), ("GET a", "+QUEUED"), ("PING", "+QUEUED"),
            ("ECHO x", "+QUEUED"), ("SELECT 0", "+QUEUED"), ("EXEC", "*6 +OK :2 $1 2 +PONG $1 x +OK"), ("GET a", "$1 2"),
            ("EXEC", "-ERR EXEC without MULTI"),
        ])
    }

    func test_transaction_thatIsDiscarded_doesNothing() throws {
        try client.check([
            ("DISCARD", "-ERR DISCARD without MULTI"), ("MULTI", "+OK"), ("SET a 1", "+QUEUED"), ("DISCARD", "+OK"),
            ("GET a", "$-1"), ("EXEC", "-ERR EXEC without MULTI"),
        ])
    }

    func test_transaction_empty_answersNothing() throws {
        try client.check([("MULTI", "+OK"), ("EXEC", "*0"), ("MULTI", "+OK"), ("PING", "+QUEUED"), ("EXEC", "*1 +PONG")])
    }

    func test_queue_brokenByAnUnknownCommandOrArity_isNotDone() throws {
        for broken in ["NOSUCH", "GET", "SET a", "KEYS *", "WAIT 0 0", "CONFIG NOSUCH"] {
            XCTAssertEqual(try client("MULTI"), "+OK")
            XCTAssertEqual(try client("SET a 1"), "+QUEUED")
            XCTAssertTrue(try client(broken).hasPrefix("-ERR "), broken)
            XCTAssertEqual(try client("SET a 2"), "+QUEUED")
            XCTAssertEqual(try client("EXEC"), "-EXECABORT Transaction discarded because of previous errors.")
            XCTAssertEqual(try client("GET a"), "$-1")
        }
    }

    func test_nestedMulti_andWatchWithin_areRefused_andTheTransactionGoesOn() throws {
        try client.check([
            ("MULTI", "+OK"), ("MULTI", "-ERR MULTI calls can not be nested"), ("SET a 1", "+QUEUED"),
            ("WATCH a", "-ERR WATCH inside MULTI is not allowed"), ("EXEC", "*1 +OK"),
        ])
    }

    /// What fails in it leaves the others.
    func test_transaction_withACommandThatFails_doesTheOthers() throws {
        try client.check([
            ("SET a x", "+OK"), ("MULTI", "+OK"), ("SET {a}b 1", "+QUEUED"), ("INCR a", "+QUEUED"),
            ("SET a 5 EX nonsense", "+QUEUED"), ("RENAME {a}none {a}c", "+QUEUED"), ("MSETNX {a}n 1 a 2", "+QUEUED"),
            ("INCR {a}b", "+QUEUED"),
            (
                "EXEC",
                "*6 +OK -ERR value is not an integer or out of range -ERR value is not an integer or out of range "
                    + "-ERR no such key :0 :2"
            ),
            ("MGET a {a}b {a}n", "*3 $1 x $1 2 $-1"),
        ])
    }

    func test_transaction_ofSeveralSlots_isRefusedWhole() throws {
        try client.check([
            ("MULTI", "+OK"), ("SET a 1", "+QUEUED"), ("SET b 1", "+QUEUED"),
            ("EXEC", "-CROSSSLOT Keys in request don't hash to the same slot"), ("MGET a b", "*2 $-1 $-1"),
            ("WATCH b", "+OK"), ("MULTI", "+OK"), ("SET a 1", "+QUEUED"),
            ("EXEC", "-CROSSSLOT Keys in request don't hash to the same slot"), ("GET a", "$-1"),
        ])
    }

    // MARK: Watching

    private func watched(_ first: String, _ meanwhile: String, keys: String = "a") throws -> String {
        let shared = TestSession.Shared()
        let (one, other) = (TestSession(shared), TestSession(shared))
        if !first.isEmpty { _ = try one(first) }
        XCTAssertEqual(try one("WATCH \(keys)"), "+OK")
        if !meanwhile.isEmpty { _ = try other(meanwhile) }
        _ = try one("MULTI")
        _ = try one("SET {a}done 1")
        return try one("EXEC")
    }

    func test_watchedKeys_decideWhetherItIsDone() throws {
        let done = "*1 +OK"
        let changed = "*-1"
        XCTAssertEqual(try watched("SET a 1", ""), done)
        XCTAssertEqual(try watched("", ""), done)
        XCTAssertEqual(try watched("SET a 1", "SET a 1"), changed)
        XCTAssertEqual(try watched("SET a 1", "DEL a"), changed)
        XCTAssertEqual(try watched("SET a 1", "EXPIRE a 100"), changed)
        XCTAssertEqual(try watched("", "SET a 1"), changed)
        XCTAssertEqual(try watched("SET a 1", "GET a"), done)
        XCTAssertEqual(try watched("SET a 1", "SET {a}other 1"), done)
        XCTAssertEqual(try watched("SET a 1", "SET {a}2 1", keys: "a {a}2"), changed)
        XCTAssertEqual(try watched("SET a 1 PX 5", ""), done)
    }

    func test_watch_endsWithUnwatch_discard_execAndReset_andTheFirstLookCounts() throws {
        for end in ["UNWATCH", "MULTI\nDISCARD", "MULTI\nEXEC", "RESET"] {
            let shared = TestSession.Shared()
            let (one, other) = (TestSession(shared), TestSession(shared))
            _ = try one("WATCH a")
            for line in end.split(separator: "\n") { _ = try one(String(line)) }
            _ = try other("SET a 1")
            try one.check([("MULTI", "+OK"), ("PING", "+QUEUED"), ("EXEC", "*1 +PONG")])
        }
        _ = try client("WATCH a")
        _ = try TestSession(client.shared)("SET a 1")
        try client.check([("WATCH a", "+OK"), ("MULTI", "+OK"), ("EXEC", "*-1")])
    }

    func test_watchedKey_thatExpires_hasChanged() throws {
        try client.check([("SET a 1 PX 5", "+OK"), ("WATCH a", "+OK")])
        client.shared.memory.now = Timestamp(milliseconds: client.shared.memory.now.milliseconds + 10)
        try client.check([("MULTI", "+OK"), ("PING", "+QUEUED"), ("EXEC", "*-1")])
    }

    // MARK: The connection

    func test_hello_choosesTheForm_andResetTakesItBack() throws {
        try client.check([
            ("GET a", "$-1"), ("HELLO 4", "-NOPROTO unsupported protocol version"),
            ("HELLO x", "-ERR Protocol version is not an integer or out of range"), ("GET a", "$-1"),
        ])
        XCTAssertTrue(try client("HELLO 3 SETNAME me").hasPrefix("%7 $6 server "))
        XCTAssertEqual(client.session.name, Array("me".utf8))
        try client.check([("GET a", "_"), ("MULTI", "+OK"), ("RESET", "+RESET"), ("GET a", "$-1")])
        XCTAssertEqual(client.session.name, [])
        XCTAssertEqual(client.session.queuedCommands, -1)
        XCTAssertTrue(try client("HELLO").hasPrefix("*14 $6 server "))
    }

    func test_hello_thatFails_changesNothing() throws {
        for line in ["HELLO 3 NOSUCH", "HELLO 3 SETNAME", #"HELLO 3 SETNAME "a b""#, "HELLO 3 AUTH nobody x"] {
            XCTAssertTrue(try client(line).hasPrefix("-"), line)
            XCTAssertEqual(client.session.version, .two)
        }
        XCTAssertEqual(client.session.name, [])
    }

    func test_smallCommands() throws {
        try client.check([
            ("PING", "+PONG"), ("ping hello", "$5 hello"), ("PiNg a b", "\(arity) 'ping' command"), ("ECHO x", "$1 x"),
            ("ECHO", "\(arity) 'echo' command"), ("SELECT 0", "+OK"), ("SELECT 1", "-ERR DB index is out of range"),
            ("SELECT x", "-ERR value is not an integer or out of range"), ("ASKING", "+OK"), ("TIME", "*2 $4 1000 $1 0"),
            ("UNWATCH", "+OK"), ("AUTH default x", "+OK"), ("WAIT 2 1000", "+wait for 2, 1 s"),
            ("WAIT 2 0", "+wait for 2, without end"), ("WAIT 1 -1", "-ERR timeout is negative"),
            ("QUIT", "+OK (closed)"),
        ])
    }

    func test_readOnly_hasReadsAnsweredByAnyCopy_andWritesNot() throws {
        let (read, write) = (Call.read([1], reply: .value), Call.write([1], Write(.delete, for: .forever), reply: .flag))
        XCTAssertEqual(client.session.level(of: read), .quorum)
        XCTAssertEqual(try client("READONLY"), "+OK")
        XCTAssertEqual(client.session.level(of: read), .one)
        XCTAssertEqual(client.session.level(of: write), .quorum)
        XCTAssertEqual(try client("READWRITE"), "+OK")
        XCTAssertEqual(client.session.level(of: read), .quorum)
    }

    func test_unknownCommand_isShown_andWhyTorcDoesNotHaveIt() throws {
        XCTAssertEqual(
            try client("nosuch a b"), "-ERR unknown command 'nosuch', with args beginning with: 'a' 'b' ")
        XCTAssertTrue(try client("LPUSH a b").contains("no lists"))
        let long = String(repeating: "x", count: 500)
        XCTAssertLessThan(try client("\(long) \(long) \(long)").utf8.count, 400)
    }

    /// Whatever words come: an answer, and never a trap.
    func test_randomCommands_areAnswered() throws {
        var random = Random(seed: 4)
        let names = CommandTable.all.map(\.name) + ["nosuch"]
        let words = ["a", "{a}b", "b", "1", "-1", "0", "NX", "XX", "EX", "GET", "9223372036854775807", "-9223372036854775808", "",
            "KEEPTTL", "BIT", "PX", "\u{0}", "1e308", "nan", "LT", "GT", "HELP", "usage", "docs", "3"]
        for _ in 0..<30_000 {
            let name = names[Int.random(in: 0..<names.count, using: &random)]
            let rest = (0..<Int.random(in: 0...5, using: &random)).map { _ in words[Int.random(in: 0..<words.count, using: &random)] }
            XCTAssertGreaterThan(client.send(([name] + rest).map { Array($0.utf8) }).count, 2)
        }
    }
}
