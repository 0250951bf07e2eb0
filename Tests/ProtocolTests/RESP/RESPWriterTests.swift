import XCTest

@testable import Protocol

/// Answers in both forms.
final class RESPWriterTests: XCTestCase {
    private func written(_ version: RESPVersion, _ write: (inout RESPWriter) -> Void) -> String {
        var writer = RESPWriter(version)
        write(&writer)
        return String(decoding: writer.output.whole, as: UTF8.self)
    }

    func test_forms_inBothVersions() {
        let cases: [(two: String, three: String, (inout RESPWriter) -> Void)] = [
            ("+OK\r\n", "+OK\r\n", { $0.ok() }),
            ("-ERR a b\r\n", "-ERR a b\r\n", { $0.error("ERR a\nb") }),
            (":-9223372036854775808\r\n", ":-9223372036854775808\r\n", { $0.integer(Int64.min) }),
            ("$0\r\n\r\n", "$0\r\n\r\n", { $0.bulk("") }),
            ("$4\r\na\r\nb\r\n", "$4\r\na\r\nb\r\n", { $0.bulk("a\r\nb") }),
            ("$-1\r\n", "_\r\n", { $0.null() }),
            ("$-1\r\n", "_\r\n", { $0.bulk([UInt8]?.none) }),
            ("*-1\r\n", "_\r\n", { $0.nullArray() }),
            ("*4\r\n", "%2\r\n", { $0.map(2) }),
            ("*2\r\n", "~2\r\n", { $0.set(2) }),
            ("$3\r\nabc\r\n", "=7\r\ntxt:abc\r\n", { $0.text("abc") }),
            ("*2\r\n$1\r\na\r\n$0\r\n\r\n", "*2\r\n$1\r\na\r\n$0\r\n\r\n", { $0.bulks(["a", ""]) }),
        ]
        for (two, three, write) in cases {
            XCTAssertEqual(written(.two, write), two)
            XCTAssertEqual(written(.three, write), three)
        }
    }

    /// Nothing that a client sent can end an error early.
    func test_error_ofAnyBytes_isOneLine() {
        var random = SeededGenerator(seed: 34)
        for _ in 0..<500 {
            var writer = RESPWriter(.two)
            writer.error(random.bytes(40))
            XCTAssertEqual(Array(writer.output.whole.suffix(2)), [0x0D, 0x0A])
            XCTAssertFalse(writer.output.whole.dropLast(2).contains { $0 == 0x0D || $0 == 0x0A })
        }
    }
}
