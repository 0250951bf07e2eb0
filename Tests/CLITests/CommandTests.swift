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
            ("GET k", .get(key: k, showsVersion: false)), ("get k version", .get(key: k, showsVersion: true)), ("Delete k", .write(key: k, Write(.delete, for: .forever))),
            ("del k get", .write(key: k, Write(.delete, for: .forever, answersOld: true))),
            ("set k 'v w'", .write(key: k, Write(.set(v), for: .forever))),
            ("set k 'v w' ttl 30", .write(key: k, Write(.set(v), for: .milliseconds(30_000)))),
            ("set k 'v w' -ttl 0.25", .write(key: k, Write(.set(v), for: .milliseconds(250)))),
            ("incr k", .write(key: k, Write(.add(1), for: .kept))), ("INCR k -5", .write(key: k, Write(.add(-5), for: .kept))),
            ("append k 'v w'", .write(key: k, Write(.append(v), for: .kept))),
            ("cas k 'v w' expect k", .write(key: k, Write(.set(v), if: .value(k), for: .forever))),
            ("CAS k 'v w' ABSENT", .write(key: k, Write(.set(v), if: .absent, for: .forever))),
            (
                "CAS k 'v w' if 3.17",
                .write(key: k, Write(.set(v), if: .version(Version(epoch: 3, sequence: 17)), for: .forever))
            ),
            (
                "set k 'v w' GET keepttl Present",
                .write(key: k, Write(.set(v), if: .present, for: .kept, answersOld: true))
            ),
            ("set k 'v w' absent ttl 2", .write(key: k, Write(.set(v), if: .absent, for: .milliseconds(2_000)))),
            ("incrbyfloat k -1.5e3", .write(key: k, Write(.addDecimal(Array("-1.5e3".utf8)), for: .kept))),
            ("setrange k 3 'v w'", .write(key: k, Write(.overwrite(offset: 3, v), for: .kept))),
            ("expire k 0.5", .write(key: k, Write(.keep, for: .milliseconds(500)))),
            (
                "mset k 'v w' 'v w' k",
                .setAll([
                    KeyedWrite(key: k, write: Write(.set(v), for: .forever)),
                    KeyedWrite(key: v, write: Write(.set(k), for: .forever)),
                ])
            ),
            ("persist k", .write(key: k, Write(.keep, for: .forever))),
            ("repair", .repair(how: [])), ("REPAIR -accept-loss", .repair(how: ["-accept-loss"])),
            ("REPAIR -accept-incomplete", .repair(how: ["-accept-incomplete"])),
            ("REPAIR -take server2", .repair(how: ["-take", "server2"])),
            ("status", .status), ("help", .help), ("exit", .exit), ("QUIT", .exit),
        ] as [(String, Command)] {
            XCTAssertEqual(try parse(line), command, line)
        }
    }

    func test_command_wrong_saysHowItShouldBe() {
        let set =
            "usage: SET key value [TTL seconds | KEEPTTL] [ABSENT | PRESENT] [GET]; a value with spaces goes in quotes"
        for (line, message) in [
            ("GET", "usage: GET key [VERSION]"), ("GET a b", "usage: GET key [VERSION]"), ("DEL", "usage: DELETE key [GET]"), ("DEL a b", "usage: DELETE key [GET]"),
            ("SET a", set),
            ("SET a b c", set), ("SET a b TTL", set), ("SET a b TTL 1 KEEPTTL", set),
            ("SET a b ABSENT PRESENT", set), ("SET a b GET GET", set),
            ("INCR", "usage: INCR key [number]"), ("INCR a 1 2", "usage: INCR key [number]"),
            ("INCR a 0.5", "INCR adds a whole number of at most 64 bits, not 0.5"),
            ("APPEND a", "usage: APPEND key value"),
            ("CAS a b", "usage: CAS key value EXPECT old | IF version | ABSENT"),
            ("CAS a b EXPECT", "usage: CAS key value EXPECT old | IF version | ABSENT"),
            ("CAS a b ABSENT c", "usage: CAS key value EXPECT old | IF version | ABSENT"),
            ("CAS a b IF c", "a version is two numbers with a point, such as 3.17, not c"),
            ("INCRBYFLOAT a inf", "INCRBYFLOAT adds a number such as 0.1 or -3e2, not inf"),
            ("SETRANGE a -1 b", "an offset is a whole number from 0 on, not -1"),
            ("SETRANGE a 1", "usage: SETRANGE key offset value"), ("PERSIST", "usage: PERSIST key"),
            ("MSET", "usage: MSET key value [key value…]; keys of one {tag}"),
            ("MSET a b c", "usage: MSET key value [key value…]; keys of one {tag}"),
            ("EXPIRE a", "usage: EXPIRE key seconds"),
            ("EXPIRE a x", "a ttl is a positive number of seconds, such as 30 or 0.5, not x"),
            ("REPAIR x", "usage: REPAIR [-accept-loss|-accept-incomplete|-take id]"),
            ("REPAIR -take", "usage: REPAIR [-accept-loss|-accept-incomplete|-take id]"),
            ("FOO", "unknown command FOO; HELP shows all"), ("status now", "STATUS takes no arguments"),
        ] {
            XCTAssertThrowsError(try parse(line), line) { XCTAssertEqual($0 as? UsageError, UsageError(message)) }
        }
        for ttl in ["0", "-1", "x", "1.2345", ".5", "5.", "99999999999999999999", "3153600001", "0.000"] {
            XCTAssertThrowsError(try parse("SET a b TTL \(ttl)"), ttl)
        }
    }
}
