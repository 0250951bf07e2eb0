import Protocol
import XCTest

/// Each command on keys: what it is answered, and what it leaves.
final class CommandTests: XCTestCase {
    private let client = TestSession()
    private let notAnInteger = "-ERR value is not an integer or out of range"

    private func pass(milliseconds: UInt64) {
        client.shared.memory.now = Timestamp(milliseconds: client.shared.memory.now.milliseconds + milliseconds)
    }

    func test_set_withEachOption() throws {
        try client.check([
            ("SET a 1", "+OK"), ("SET a 2 NX", "$-1"), ("SET a 2 XX", "+OK"), ("SET b 2 XX", "$-1"), ("SET b 1 NX", "+OK"),
            ("SET a 3 GET", "$1 2"), ("SET c 3 GET", "$-1"), ("SET a 4 NX GET", "$1 3"), ("GET a", "$1 3"),
            ("SET d 4 XX GET", "$-1"), ("GET d", "$-1"), ("SET a 1 EX 10", "+OK"), ("TTL a", ":10"),
            ("SET a 1 KEEPTTL", "+OK"), ("TTL a", ":10"), ("SET a 1", "+OK"), ("TTL a", ":-1"),
            ("SET a 1 PXAT 1000005", "+OK"), ("PTTL a", ":5"), ("SET a 1 NX XX", "-ERR syntax error"),
            ("SET a 1 EX 5 PX 5", "-ERR syntax error"), ("SET a 1 EX 5 KEEPTTL", "-ERR syntax error"),
            ("SET a 1 EX", "-ERR syntax error"), ("SET a 1 EX x", notAnInteger), ("SET a 1 PERSIST", "-ERR syntax error"),
            ("SET a 1 EX 0", "-ERR invalid expire time in 'set' command"),
            ("SET a 1 PX -1", "-ERR invalid expire time in 'set' command"),
            ("SET a 1 EX 9223372036854775807", "-ERR invalid expire time in 'set' command"),
        ])
        pass(milliseconds: 5)
        try client.check([("GET a", "$-1"), ("SETNX a 5", ":1"), ("SETNX a 6", ":0"), ("SETEX a 5 x", "+OK"), ("TTL a", ":5"),
            ("PSETEX a 700 x", "+OK"), ("PTTL a", ":700"), ("SETEX a 0 x", "-ERR invalid expire time in 'setex' command")])
    }

    func test_getAndChange() throws {
        try client.check([
            ("GETSET a 1", "$-1"), ("GETSET a 2", "$1 1"), ("GETDEL a", "$1 2"), ("GETDEL a", "$-1"), ("GETEX a", "$-1"),
            ("GETEX a EX 5", "$-1"), ("EXISTS a", ":0"), ("SET a 1", "+OK"), ("GETEX a EX 5", "$1 1"), ("TTL a", ":5"),
            ("GETEX a", "$1 1"), ("TTL a", ":5"), ("GETEX a PERSIST", "$1 1"), ("TTL a", ":-1"), ("GETEX a PXAT 1", "$1 1"),
            ("EXISTS a", ":0"), ("GETEX a NX", "-ERR syntax error"), ("GETEX a EX 5 PERSIST", "-ERR syntax error"),
        ])
    }

    func test_numbers() throws {
        try client.check([
            ("INCR a", ":1"), ("INCRBY a 41", ":42"), ("DECR a", ":41"), ("DECRBY a 1", ":40"), ("EXPIRE a 5", ":1"), ("INCR a", ":41"),
            ("TTL a", ":5"), ("SET a 9223372036854775807", "+OK"), ("INCR a", "-ERR increment or decrement would overflow"),
            ("DECRBY a -9223372036854775808", "-ERR decrement would overflow"), ("SET a 01", "+OK"), ("INCR a", notAnInteger),
            ("INCRBY a x", notAnInteger), ("SET a 10.50", "+OK"), ("INCRBYFLOAT a 0.1", "$4 10.6"), ("INCRBYFLOAT a -5", "$3 5.6"),
            ("INCRBYFLOAT a x", "-ERR value is not a valid float"), ("INCRBYFLOAT b 3.0e3", "$4 3000"), ("SET a text", "+OK"),
            ("INCRBYFLOAT a 1", "-ERR value is not a valid float"),
            ("INCRBYFLOAT b inf", "-ERR increment would produce NaN or Infinity"), ("GET b", "$4 3000"),
            (#"INCRBYFLOAT b "1\x00""#, "-ERR value is not a valid float"), ("GET b", "$4 3000"),
        ])
    }

    func test_parts() throws {
        try client.check([
            ("APPEND a abc", ":3"), ("APPEND a def", ":6"), ("STRLEN a", ":6"), ("STRLEN b", ":0"), ("SETRANGE a 1 XY", ":6"),
            ("GET a", "$6 aXYdef"), ("SETRANGE b 2 z", ":3"), ("GET b", "$3 \0\0z"), ("SETRANGE c 5 \"\"", ":0"), ("EXISTS c", ":0"),
            ("SETRANGE a -1 x", "-ERR offset is out of range"), ("GETRANGE a 0 -1", "$6 aXYdef"), ("SUBSTR a 1 2", "$2 XY"),
            ("SETRANGE a 16777216 x", "-ERR string exceeds maximum allowed size (proto-max-bulk-len)"),
            ("SETRANGE a 9223372036854775807 x", "-ERR string exceeds maximum allowed size (proto-max-bulk-len)"),
            ("SETBIT d 7 1", ":0"), ("SETBIT d 7 0", ":1"), ("GETBIT d 7", ":0"), ("GETBIT d 100000000", ":0"), ("STRLEN d", ":1"),
            ("SETBIT d 4294967296 1", "-ERR bit offset is not an integer or out of range"),
            ("SETBIT d 134217728 1", "-ERR bit offset is not an integer or out of range"),
            ("SETBIT d 1 2", "-ERR bit is not an integer or out of range"), ("STRLEN d", ":1"),
        ])
    }

    func test_keys() throws {
        try client.check([
            ("MSET a 1 b 2 {a}c 3", "+OK"), ("MGET a b {a}c d", "*4 $1 1 $1 2 $1 3 $-1"), ("EXISTS a a b d", ":3"), ("TOUCH a d", ":1"),
            ("DEL a a d", ":1"), ("UNLINK b {a}c", ":2"), ("TYPE a", "+none"), ("SET a 1", "+OK"), ("TYPE a", "+string"),
            ("OBJECT ENCODING a", "$3 int"), ("SET a x", "+OK"), ("OBJECT ENCODING a", "$6 embstr"), ("OBJECT ENCODING none", "$-1"),
            ("OBJECT REFCOUNT a", ":1"), ("MEMORY USAGE none", "$-1"), ("MSET a 1 b", "-ERR wrong number of arguments for 'mset' command"),
        ])
    }

    func test_copyAndRename() throws {
        try client.check([
            ("COPY a {a}b", ":0"), ("SET a 1 EX 9", "+OK"), ("COPY a {a}b", ":1"), ("TTL {a}b", ":9"), ("SET a 2", "+OK"),
            ("COPY a {a}b", ":0"), ("GET {a}b", "$1 1"), ("COPY a {a}b REPLACE", ":1"), ("GET {a}b", "$1 2"), ("TTL {a}b", ":-1"),
            ("COPY a a", "-ERR source and destination objects are the same"),
            ("COPY a b", "-CROSSSLOT Keys in request don't hash to the same slot"),
            ("RENAME none {none}b", "-ERR no such key"), ("RENAMENX none {none}b", "-ERR no such key"), ("RENAMENX a {a}b", ":0"),
            ("RENAMENX a {a}c", ":1"), ("EXISTS a", ":0"), ("RENAME {a}c a", "+OK"), ("RENAME a a", "+OK"), ("RENAMENX a a", ":0"),
            ("RENAME none none", "-ERR no such key"), ("RENAME a b", "-CROSSSLOT Keys in request don't hash to the same slot"),
        ])
    }

    /// A key that has an expiry, one that has none, and one that is not there.
    func test_expire_optionsTable() throws {
        let table: [(option: String, later: String, earlier: String, lasting: String)] = [
            ("", ":1", ":1", ":1"), ("NX", ":0", ":0", ":1"), ("XX", ":1", ":1", ":0"), ("GT", ":1", ":0", ":0"),
            ("LT", ":0", ":1", ":1"), ("XX GT", ":1", ":0", ":0"), ("XX LT", ":0", ":1", ":0"), ("LT XX", ":0", ":1", ":0"),
        ]
        for unit in ["EXPIRE a %", "PEXPIRE a %000", "EXPIREAT a 10%", "PEXPIREAT a 10%000"] {
            for (option, later, earlier, lasting) in table {
                for (first, number, wanted) in [("EX 50", 70, later), ("EX 50", 30, earlier), ("", 30, lasting)] {
                    // In 1970, a thousand seconds in.
                    let command = unit.replacingOccurrences(of: "%", with: "\(number)") + " " + option
                    _ = try client("SET a 1 " + first)
                    XCTAssertEqual(try client(command), wanted, command + " after " + first)
                    let kept = first.isEmpty ? ":-1" : ":50"
                    XCTAssertEqual(try client("TTL a"), wanted == ":1" ? ":\(number)" : kept, command)
                }
                _ = try client("DEL a")
                XCTAssertEqual(try client(unit.replacingOccurrences(of: "%", with: "50") + " " + option), ":0")
            }
        }
        let clash = "-ERR NX and XX, GT or LT options at the same time are not compatible"
        try client.check([
            ("EXPIRE a 1 NX XX", clash), ("EXPIRE a 1 NX GT", clash), ("EXPIRE a 1 LT NX", clash),
            ("EXPIRE a 1 GT LT", "-ERR GT and LT options at the same time are not compatible"),
            ("EXPIRE a 1 FOO", "-ERR Unsupported option FOO"), ("EXPIRE a x", notAnInteger),
            ("EXPIRE a 9223372036854775807", "-ERR invalid expire time in 'expire' command"),
        ])
    }

    func test_expiry_inThePast_deletes_andTimesAreShown() throws {
        for command in ["EXPIRE a 0", "EXPIRE a -1", "PEXPIRE a -9223372036854775808", "EXPIREAT a 1", "PEXPIREAT a 1000000"] {
            try client.check([("SET a 1", "+OK"), (command, ":1"), ("EXISTS a", ":0"), ("PERSIST a", ":0")])
        }
        try client.check([
            ("TTL a", ":-2"), ("EXPIRETIME a", ":-2"), ("SET a 1", "+OK"), ("PTTL a", ":-1"), ("PEXPIRETIME a", ":-1"),
            ("PERSIST a", ":0"), ("PEXPIRE a 1499", ":1"), ("TTL a", ":1"), ("PEXPIRE a 1500", ":1"), ("TTL a", ":2"),
            ("PTTL a", ":1500"), ("PEXPIRETIME a", ":1001500"), ("EXPIRETIME a", ":1002"), ("PERSIST a", ":1"), ("TTL a", ":-1"),
        ])
    }

    func test_largeValuesAndKeys_areRefused() throws {
        let key = [UInt8](repeating: 1, count: Limits.keyBytesMax + 1)
        XCTAssertTrue(String(decoding: client.send([Array("GET".utf8), key]), as: UTF8.self).hasPrefix("-ERR key is over"))
        let half = [UInt8](repeating: 1, count: Limits.valueBytesMax / 2 + 1)
        for key in ["a", "{a}b"] { _ = client.send([Array("SET".utf8), Array(key.utf8), half]) }
        XCTAssertEqual(
            try client("APPEND a x"), ":\(half.count + 1)")
        let append = client.send([Array("APPEND".utf8), Array("a".utf8), half])
        XCTAssertTrue(String(decoding: append, as: UTF8.self).hasPrefix("-ERR string exceeds"))
        let both = client.send(["MSET", "a", "", "{a}b", ""].enumerated().map { $0 % 2 == 0 && $0 > 0 ? half : Array($1.utf8) })
        XCTAssertTrue(String(decoding: both, as: UTF8.self).hasPrefix("-ERR keys and values of one slot are over"))
    }
}
