import Protocol
import XCTest

@testable import CLI

final class CommandTests: XCTestCase {
    private func parse(_ line: String) throws -> Command {
        try Command(words: try Words.split(Array(line.utf8)))
    }

    func test_command_anyCase_isUnderstood() throws {
        let (k, v) = (Array("k".utf8), Array("v w".utf8))
        for (line, command) in [
            ("GET k", .get(key: k, showsVersion: false)), ("get k version", .get(key: k, showsVersion: true)), ("Delete k", .delete(key: k)), ("del k", .delete(key: k)),
            ("set k 'v w'", .set(key: k, value: v, ttlMilliseconds: nil)),
            ("set k 'v w' ttl 30", .set(key: k, value: v, ttlMilliseconds: 30_000)),
            ("set k 'v w' -ttl 0.25", .set(key: k, value: v, ttlMilliseconds: 250)),
            ("incr k", .increment(key: k, by: 1)), ("INCR k -5", .increment(key: k, by: -5)),
            ("append k 'v w'", .append(key: k, value: v)),
            ("cas k 'v w' expect k", .compareAndSet(key: k, value: v, expect: .value(k))),
            ("CAS k 'v w' ABSENT", .compareAndSet(key: k, value: v, expect: .absent)),
            (
                "CAS k 'v w' if 3.17",
                .compareAndSet(key: k, value: v, expect: .version(Version(epoch: 3, sequence: 17)))
            ),
            ("status", .status), ("help", .help), ("exit", .exit), ("QUIT", .exit),
        ] as [(String, Command)] {
            XCTAssertEqual(try parse(line), command, line)
        }
    }

    func test_command_wrong_saysHowItShouldBe() {
        for (line, message) in [
            ("GET", "usage: GET key [VERSION]"), ("GET a b", "usage: GET key [VERSION]"), ("DEL", "usage: DELETE key"),
            ("SET a", "usage: SET key value [TTL seconds]; a value with spaces goes in quotes"),
            ("SET a b c", "usage: SET key value [TTL seconds]; a value with spaces goes in quotes"),
            ("INCR", "usage: INCR key [number]"), ("INCR a 1 2", "usage: INCR key [number]"),
            ("INCR a 0.5", "INCR adds a whole number of at most 64 bits, not 0.5"),
            ("APPEND a", "usage: APPEND key value"),
            ("CAS a b", "usage: CAS key value EXPECT old | IF version | ABSENT"),
            ("CAS a b EXPECT", "usage: CAS key value EXPECT old | IF version | ABSENT"),
            ("CAS a b ABSENT c", "usage: CAS key value EXPECT old | IF version | ABSENT"),
            ("CAS a b IF c", "a version is two numbers with a point, such as 3.17, not c"),
            ("FOO", "unknown command FOO; HELP shows all"), ("status now", "STATUS takes no arguments"),
        ] {
            XCTAssertThrowsError(try parse(line), line) { XCTAssertEqual($0 as? UsageError, UsageError(message)) }
        }
        for ttl in ["0", "-1", "x", "1.2345", ".5", "5.", "99999999999999999999", "3153600001", "0.000"] {
            XCTAssertThrowsError(try parse("SET a b TTL \(ttl)"), ttl)
        }
    }
}
