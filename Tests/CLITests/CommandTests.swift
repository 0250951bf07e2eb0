import XCTest

@testable import CLI

final class CommandTests: XCTestCase {
    private func parse(_ line: String) throws -> Command {
        try Command(words: try Words.split(Array(line.utf8)))
    }

    func test_command_anyCase_isUnderstood() throws {
        let (k, v) = (Array("k".utf8), Array("v w".utf8))
        for (line, command) in [
            ("GET k", .get(key: k)), ("get k", .get(key: k)), ("Delete k", .delete(key: k)), ("del k", .delete(key: k)),
            ("set k 'v w'", .set(key: k, value: v, ttlMilliseconds: nil)),
            ("set k 'v w' ttl 30", .set(key: k, value: v, ttlMilliseconds: 30_000)),
            ("set k 'v w' -ttl 0.25", .set(key: k, value: v, ttlMilliseconds: 250)),
            ("status", .status), ("help", .help), ("exit", .exit), ("QUIT", .exit),
        ] as [(String, Command)] {
            XCTAssertEqual(try parse(line), command, line)
        }
    }

    func test_command_wrong_saysHowItShouldBe() {
        for (line, message) in [
            ("GET", "usage: GET key"), ("GET a b", "usage: GET key"), ("DEL", "usage: DELETE key"),
            ("SET a", "usage: SET key value [TTL seconds]; a value with spaces goes in quotes"),
            ("SET a b c", "usage: SET key value [TTL seconds]; a value with spaces goes in quotes"),
            ("FOO", "unknown command FOO; HELP shows all"), ("status now", "STATUS takes no arguments"),
        ] {
            XCTAssertThrowsError(try parse(line), line) { XCTAssertEqual($0 as? UsageError, UsageError(message)) }
        }
        for ttl in ["0", "-1", "x", "1.2345", ".5", "5.", "99999999999999999999", "3153600001", "0.000"] {
            XCTAssertThrowsError(try parse("SET a b TTL \(ttl)"), ttl)
        }
    }
}
