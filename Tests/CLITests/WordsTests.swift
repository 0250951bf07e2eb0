import XCTest

@testable import CLI

final class WordsTests: XCTestCase {
    private func split(_ line: String) throws -> [String] {
        try Words.split(Array(line.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }

    func test_split_plainAndQuoted_areWords() throws {
        for (line, words) in [
            ("", []), ("  \t\r\n ", []), ("GET a", ["GET", "a"]), ("  SET  a   b ", ["SET", "a", "b"]),
            (#"SET a "b c""#, ["SET", "a", "b c"]), ("SET a 'b \"c\" \\n'", ["SET", "a", "b \"c\" \\n"]),
            (#"SET a """#, ["SET", "a", ""]), ("''", [""]), (#"a"b c"'d e'f"#, ["ab cd ef"]),
            (#"a\ b \"c\" \\"#, ["a b", "\"c\"", "\\"]), (#""\n\t\r\"\\\q\x41""#, ["\n\t\r\"\\qA"]),
            ("Ä ö😀", ["Ä", "ö😀"]),
        ] as [(String, [String])] {
            XCTAssertEqual(try split(line), words, line)
        }
    }

    func test_split_hexEscapes_giveAnyByte() throws {
        XCTAssertEqual(try Words.split(Array(#""\xff\x00\0""#.utf8)), [[0xFF, 0, 0]])
    }

    func test_split_unfinished_saysWhat() {
        for (line, message) in [
            ("\"a", "a quote \" is not closed"), ("SET a 'b", "a quote ' is not closed"),
            ("a\\", "a backslash stands at the end"), ("\"\\x4\"", "\\x needs two hexadecimal digits"),
            ("\"\\x\"", "\\x needs two hexadecimal digits"),
        ] {
            XCTAssertThrowsError(try split(line), line) {
                XCTAssertEqual($0 as? UsageError, UsageError(message), line)
            }
        }
    }

    /// Whatever bytes a word has, it can be written in quotes.
    func test_split_ofQuotedBytes_isTheBytes() throws {
        let all = Array(UInt8.min...UInt8.max)
        let quoted = all.flatMap { byte -> [UInt8] in
            let digits = String(byte, radix: 16)
            return Array("\\x\(digits.count == 1 ? "0" : "")\(digits)".utf8)
        }
        XCTAssertEqual(try Words.split([0x22] + quoted + [0x22]), [all])
    }
}
