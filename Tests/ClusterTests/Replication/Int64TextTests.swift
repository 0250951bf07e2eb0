import XCTest

@testable import Cluster

final class Int64TextTests: XCTestCase {
    private var numbers: [Int64] {
        var random = Random(seed: 7)
        let edges: [Int64] = [0, 1, -1, 9, 10, -10, 99, 100, .max, .min, .max - 1, .min + 1]
        return edges + (0..<10_000).map { _ in Int64(bitPattern: random.next()) >> Int64(random.next() % 64) }
    }

    func test_text_isWhatStringWrites() {
        for number in numbers { XCTAssertEqual(number.text, Array(String(number).utf8)) }
    }

    func test_init_readsWhatTextWrites() {
        for number in numbers { XCTAssertEqual(Int64(text: number.text), number) }
    }

    func test_init_takesNothingElse() {
        let others = [
            "", "-", "+1", "01", "00", "-0", "-01", " 1", "1 ", "1a", "a", "1.0", "--1", "/", ":", "0x1", "\u{660}",
            "9223372036854775808", "-9223372036854775809", "10000000000000000000", "99999999999999999999",
            "-99999999999999999999", "18446744073709551616", "1\0",
        ]
        for text in others { XCTAssertNil(Int64(text: Array(text.utf8)), text) }
    }

    /// Whatever bytes there are: what is taken is written so.
    func test_init_ofRandomText_isItsNumberOrNothing() {
        var random = Random(seed: 8)
        let bytes = Array("-00123456789+ ".utf8)
        for _ in 0..<100_000 {
            let text = (0..<(random.next() % 22)).map { _ in bytes[Int(random.next() % UInt64(bytes.count))] }
            let number = Int64(String(decoding: text, as: UTF8.self)).flatMap { Array(String($0).utf8) == text ? $0 : nil }
            XCTAssertEqual(Int64(text: text), number)
        }
    }
}
