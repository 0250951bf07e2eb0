import XCTest

@testable import Protocol

final class JSONTextTests: XCTestCase {
    func test_plainEnd_withOneSpecialByteAnywhere_findsIt() {
        for count in 0...40 {
            var bytes = (0..<count).map { UInt8(0x80 | $0) }
            XCTAssertEqual(JSONText.plainEnd(bytes.span, from: 0, to: count), count)
            for at in 0..<count {
                for special: UInt8 in [0x22, 0x5C, 0x00, 0x1F, 0x0A] {
                    let before = bytes[at]
                    bytes[at] = special
                    for from in 0...at { XCTAssertEqual(JSONText.plainEnd(bytes.span, from: from, to: count), at) }
                    bytes[at] = before
                }
            }
        }
    }

    func test_plainEnd_ofEveryByte_stopsAtThoseThatNeedEscapesAlone() {
        for byte in UInt8.min...UInt8.max {
            let bytes = [UInt8](repeating: byte, count: 9)
            let isSpecial = byte < 0x20 || byte == 0x22 || byte == 0x5C
            XCTAssertEqual(JSONText.plainEnd(bytes.span, from: 0, to: 9), isSpecial ? 0 : 9)
        }
    }

    func test_append_ofAnyText_decodesBack() throws {
        var random = SeededGenerator(seed: 12)
        for round in 0..<3000 {
            let text = Array(random.text(round % 60).utf8)
            var output: [UInt8] = []
            JSONText.append(text.span, to: &output)
            XCTAssertFalse(output.contains { $0 < 0x20 })
            XCTAssertEqual(try JSONText.decode(output.span, 0..<output.count), text)
        }
    }
}
