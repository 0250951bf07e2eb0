import XCTest

@testable import Protocol

/// What simdjson itself says of texts: what the parsers rely on it for.
final class JSONScannerTests: XCTestCase {
    private let scanner = JSONScanner()

    private func offsets(_ text: String) throws -> [UInt32] {
        Array(try scanner.index(Array(text.utf8).span))
    }

    func test_index_ofFlatObject_isWhereBracketsAndScalarsBegin() throws {
        XCTAssertEqual(try offsets(#"{"a": 12, "b\"}" :true}"#), [0, 1, 4, 6, 8, 10, 17, 18, 22])
    }

    func test_index_acrossItsBlocks_isTheSameWhereverTheTextBegins() throws {
        for shift in 0..<130 {
            let text = String(repeating: " ", count: shift) + #"{"a\\":"é\"","b":-1}"#
            XCTAssertEqual(try offsets(text).map { Int($0) - shift }, [0, 1, 6, 7, 14 - 1, 14, 17, 18, 20])
        }
    }

    func test_index_ofInvalidUTF8AndOfControlCharacters_fails() {
        for at in 0..<70 {
            for (byte, message): (UInt8, String) in [(0xFF, "invalid UTF-8"), (0x01, "bad JSON: a control character in a string")] {
                var bytes = Array("{\"a\":\"".utf8) + [UInt8](repeating: 0x78, count: 70) + Array("\"}".utf8)
                bytes[6 + at] = byte
                XCTAssertThrowsError(try scanner.index(bytes.span)) { XCTAssertEqual(($0 as? JSONFault)?.message, message) }
            }
        }
    }

    func test_index_ofNothing_fails() {
        XCTAssertThrowsError(try offsets(""))
        XCTAssertThrowsError(try offsets("  \n"))
    }

    func test_implementation_isChosenForThisCPU() {
        XCTAssertFalse(JSONScanner.implementation.isEmpty)
        XCTAssertNotEqual(JSONScanner.implementation, "unsupported")
    }
}
