import XCTest

@testable import Protocol

/// Commands that somebody types.
final class RESPInlineTests: XCTestCase {
    private func split(_ line: String) throws -> [String] {
        try RESPInline.split(Array(line.utf8)[...]).map { String(decoding: $0, as: UTF8.self) }
    }

    func test_words_areSplitAsRedisSplitsThem() throws {
        let cases: [(String, [String])] = [
            ("", []), (" \t ", []), ("PING", ["PING"]), ("  SET  a\tb ", ["SET", "a", "b"]),
            (#"SET "a b" 'c d'"#, ["SET", "a b", "c d"]), (#"SET "" ''"#, ["SET", "", ""]),
            (#""a\"b""#, [#"a"b"#]), (#"'a\'b'"#, ["a'b"]), (#"'a\"b'"#, [#"a\"b"#]), (#""a'b""#, ["a'b"]),
            (#""\n\r\t\b\a\\""#, ["\n\r\t\u{8}\u{7}\\"]), (#""\x41\x4a\x4B""#, ["AJK"]),
            (#""\x4\xzz\q""#, ["x4xzzq"]), (#"'\x41\n'"#, [#"\x41\n"#]), (#"a"b c""#, ["ab c"]), (#"a\b"#, [#"a\b"#]),
        ]
        for (line, wanted) in cases { XCTAssertEqual(try split(line), wanted, line) }
    }

    func test_quotes_thatAreNotClosed_orHaveNoSpaceBehindThem_areRefused() {
        for line in [#"""#, "'", #"a ""#, #""a"b"#, "'a'b", #""a\"#, #""a\""#, #"'a\'"#] {
            XCTAssertThrowsError(try split(line), line) { error in
                let message = (error as? RESPFault)?.message ?? []
                XCTAssertEqual(String(decoding: message, as: UTF8.self), "Protocol error: unbalanced quotes in request")
            }
        }
    }
}
