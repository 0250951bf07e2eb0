import XCTest

@testable import CLI

final class PrinterTests: XCTestCase {
    func test_visible_controlCharactersAndBadUTF8_areEscaped() {
        for (bytes, shown) in [
            (Array("plain é😀\n\tx".utf8), "plain é😀\n\tx"), ([0x1B, 0x5B, 0x32, 0x4A], "\\x1b[2J"),
            ([0x61, 0xFF, 0x00, 0x7F], "a\\xff\\x00\\x7f"),
        ] as [([UInt8], String)] {
            XCTAssertEqual(String(decoding: Printer.visible(bytes), as: UTF8.self), shown)
        }
    }
}
