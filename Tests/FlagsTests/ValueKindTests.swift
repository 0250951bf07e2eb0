import XCTest

@testable import Flags

final class ValueKindTests: XCTestCase {
    private func reads<Value: Equatable>(
        _ kind: ValueKind<Value>, _ text: String, _ expected: Value?, line: UInt = #line
    ) {
        XCTAssertEqual(try? kind.parse(text), expected, text, line: line)
    }

    func test_duration_parse_readsUnitsAndRefusesTheRest() {
        reads(.duration, "500ms", .milliseconds(500))
        reads(.duration, "30s", .seconds(30))
        reads(.duration, "1m", .seconds(60))
        reads(.duration, "2h", .seconds(7200))
        reads(.duration, "1h1m1s1ms", .milliseconds(3_661_001))
        reads(.duration, "0", .zero)
        for text in ["", "5", "m", "-1s", "1.5s", "1 s", "1s ", "1d", "١s", "9223372036854775807h", "1s1"] {
            reads(.duration, text, nil)
        }
        reads(.duration, "99999999999999999999s", nil)
    }

    func test_duration_formatThenParse_isTheSame() throws {
        var milliseconds: Int64 = 1
        while milliseconds < 1_000_000_000_000 {
            for near in [milliseconds - 1, milliseconds, milliseconds * 60] {
                let duration = Duration.milliseconds(near)
                let text = try XCTUnwrap(ValueKind.duration.format(duration))
                reads(.duration, text, duration)
            }
            milliseconds *= 3
        }
    }

    func test_bytes_parse_readsUnitsAndRefusesTheRest() {
        reads(.bytes, "512", 512)
        reads(.bytes, "0", 0)
        reads(.bytes, "64MiB", 64 << 20)
        reads(.bytes, "1gib", 1 << 30)
        reads(.bytes, "2TiB", 2 << 40)
        reads(.bytes, "3kB", 3000)
        reads(.bytes, "7B", 7)
        for text in ["", "MiB", "-1", "1.5GiB", "1 GiB", "1GiBx", "1GiB1", "9223372036854775807KiB"] {
            reads(.bytes, text, nil)
        }
    }

    func test_bytes_formatThenParse_isTheSame() throws {
        for shift in 0..<62 {
            for near in [(1 << shift) - 1, 1 << shift, (1 << shift) + 1] {
                reads(.bytes, try XCTUnwrap(ValueKind.bytes.format(near)), near)
            }
        }
    }

    func test_count_parse_readsSuffixesAndRefusesTheRest() throws {
        let kind = ValueKind<Int>.count
        for (text, count) in [("1", 1), ("500", 500), ("10k", 10_000), ("10K", 10_000), ("2M", 2_000_000), ("3G", 3_000_000_000)] {
            XCTAssertEqual(try kind.parse(text), count)
            XCTAssertEqual(try kind.format(count).map { try kind.parse($0) }, count)
        }
        for text in ["", "0", "k", "-1", "1.5k", "1kk", "1 k", "+1", "99999999999999999999", "9999999999999G"] {
            XCTAssertThrowsError(try kind.parse(text), text)
        }
    }

    func test_address_parse_readsHostsAndRefusesTheRest() {
        for text in ["localhost:8081", "127.0.0.1:0", "[::1]:65535", ":8081", "a-b.example:1"] {
            reads(.address, text, text)
        }
        for text in ["", "localhost", "localhost:", "localhost:65536", "::1:80", "[]:1", "[::1:1", "a b:1", "a:+1"] {
            reads(.address, text, nil)
        }
    }

    func test_list_parse_needsEveryItem() {
        reads(.list(of: .integer(in: 0...9)), "1,2,3", [1, 2, 3])
        for text in ["", ",", "1,", ",1", "1,,2", "1,x"] { reads(.list(of: .integer(in: 0...9)), text, nil) }
    }

    func test_choice_parse_ignoresCaseAndNamesAllOnError() {
        let kind = ValueKind<Int>.choice(of: [1, 2], named: { $0 == 1 ? "one" : "two" })
        reads(kind, "TWO", 2)
        XCTAssertThrowsError(try kind.parse("three")) {
            XCTAssertEqual($0 as? InvalidValue, InvalidValue("not one of one, two"))
        }
    }

    func test_integer_parse_keepsToItsRange() {
        reads(.integer(in: -1...5), "-1", -1)
        for text in ["6", "-2", "", "3x", "99999999999999999999"] { reads(.integer(in: -1...5), text, nil) }
    }
}
