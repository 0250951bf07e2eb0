import Protocol
import XCTest

@testable import Redis

/// What COMMAND says fits what the commands do.
final class CommandTableTests: XCTestCase {
    private let samples = [
        "get k", "set k v", "set k v EX 5 GET", "setnx k v", "setex k 5 v", "psetex k 5 v", "getset k v", "getdel k", "getex k",
        "getex k EX 5", "mget a b c", "mset a 1 b 2", "msetnx {k}a 1 {k}b 2", "strlen k", "append k v", "setrange k 1 v",
        "getrange k 0 1", "substr k 0 1", "incr k", "decr k", "incrby k 1", "decrby k 1", "incrbyfloat k 1", "setbit k 1 1",
        "getbit k 1", "bitcount k", "bitcount k 0 1 BIT", "bitpos k 1", "bitpos k 1 0 1", "del a b", "unlink a b", "exists a b",
        "touch a b", "type k", "copy {k}a {k}b", "copy {k}a {k}b REPLACE", "rename {k}a {k}b", "renamenx {k}a {k}b", "rename k k",
        "object encoding k", "memory usage k", "memory usage k samples 5", "expire k 5", "pexpire k 5 NX", "expireat k 5", "pexpireat k 5",
        "ttl k", "pttl k", "expiretime k", "pexpiretime k", "persist k",
    ]

    func test_names_areUnique_short_andFoundInAnyCase() throws {
        XCTAssertEqual(Set(CommandTable.all.map(\.name)).count, CommandTable.all.count)
        for info in CommandTable.all {
            XCTAssertLessThanOrEqual(info.name.utf8.count, 16, info.name)
            XCTAssertEqual(info.name, info.name.lowercased())
            for name in [info.name, info.name.uppercased(), info.name.capitalized] {
                XCTAssertEqual(CommandTable.find(Array(name.utf8)[...])?.name, info.name)
            }
            XCTAssertNil(CommandTable.find(Array((info.name + "\0").utf8)[...]))
            XCTAssertNil(CommandTable.find(Array(("\0" + info.name).utf8)[...]))
            XCTAssertNil(Unsupported.reason(info.name), "\(info.name) is served")
        }
        XCTAssertNil(CommandTable.find([]))
    }

    func test_everyCommandOnKeys_touchesTheKeysThatItNames() throws {
        var seen: Set<String> = []
        for sample in samples {
            let command = RESPCommand(sample.split(separator: " ").map { Array($0.utf8) })
            let info = try XCTUnwrap(CommandTable.find(command.slice(0)), sample)
            guard case .call(let make) = info.kind else { return XCTFail("\(sample) is of no key") }
            seen.insert(info.name)
            XCTAssertTrue(info.accepts(count: command.count), sample)
            let call = try make(command)
            let sources = call.steps.compactMap { step in
                if case .write(let item) = step { item.write.source } else { nil }
            }
            XCTAssertEqual(Set(info.keys(of: command)), Set(call.steps.map(\.key) + sources), sample)
            if call.isWrite { XCTAssertTrue(info.isWrite, sample) }
            XCTAssertEqual(info.isWrite, !info.flags.contains("readonly"), sample)
        }
        let onKeys = CommandTable.all.filter { if case .call = $0.kind { true } else { false } }
        XCTAssertEqual(seen, Set(onKeys.map(\.name)), "each has a sample")
    }

    func test_arity_isWhatIsTaken() throws {
        for info in CommandTable.all {
            XCTAssertNotEqual(info.arity, 0)
            XCTAssertFalse(info.accepts(count: 0))
            XCTAssertTrue(info.accepts(count: abs(info.arity)))
            XCTAssertEqual(info.accepts(count: abs(info.arity) + 1), info.arity < 0)
            XCTAssertFalse(info.accepts(count: abs(info.arity) - 1))
            if info.keys.first > 0 { XCTAssertGreaterThan(abs(info.arity), info.keys.first, info.name) }
        }
    }

    func test_command_answersOfEach_andOfNone() throws {
        let client = TestSession()
        XCTAssertEqual(try client("COMMAND COUNT"), ":\(CommandTable.all.count)")
        XCTAssertTrue(try client("COMMAND").hasPrefix("*\(CommandTable.all.count) *10 "))
        XCTAssertTrue(try client("COMMAND INFO get nosuch").hasPrefix("*2 *10 $3 get :2 "))
        try client.check([
            ("COMMAND GETKEYS mset a 1 b 2", "*2 $1 a $1 b"), ("COMMAND GETKEYS set a 1", "*1 $1 a"),
            ("COMMAND GETKEYS nosuch a", "-ERR Invalid command specified"),
            ("COMMAND GETKEYS get", "-ERR Invalid number of arguments specified for command"),
            ("COMMAND GETKEYS ping", "-ERR The command has no key arguments"), ("COMMAND LIST FILTERBY PATTERN ge?", "*1 $3 get"),
        ])
    }
}
