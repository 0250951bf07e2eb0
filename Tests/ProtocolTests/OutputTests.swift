import XCTest

@testable import Protocol

final class OutputTests: XCTestCase {
    /// The law: it is what was put into it, one behind the other, however it was put together.
    func test_pieces_ofBytesAndLargeValues_areThoseThatWerePut() {
        var random = SeededGenerator(seed: 36)
        for _ in 0..<300 {
            var output = Output(), wanted: [UInt8] = []
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                var part = Output()
                for _ in 0..<Int.random(in: 0...4, using: &random) {
                    let bytes = random.bytes(Int.random(in: 0...30, using: &random))
                    if Bool.random(using: &random) { part.append(shared: bytes) } else { part.bytes += bytes }
                    wanted += bytes
                }
                output += part
                XCTAssertEqual(output.whole, wanted)
                XCTAssertEqual(output.count, wanted.count)
                XCTAssertEqual(output.isEmpty, wanted.isEmpty)
            }
            output.removeAll(keptMax: Int.random(in: 0...100, using: &random))
            XCTAssertTrue(output.isEmpty)
            XCTAssertEqual(output.whole, [])
        }
    }

    func test_largeValue_isHandedOutWithoutACopy() {
        let value = [UInt8](repeating: 7, count: Limits.largeValueBytes)
        for count in [value.count - 1, value.count] {
            var writer = RESPWriter(.two)
            let bytes = Array(value.prefix(count))
            writer.bulk(bytes)
            var shared: [[UInt8]] = []
            writer.output.forEachPiece(bytes: { _ in }, shared: { shared.append($0) })
            XCTAssertEqual(shared.count, count == value.count ? 1 : 0)
            for piece in shared { XCTAssertEqual(piece.withUnsafeBytes { $0.baseAddress }, bytes.withUnsafeBytes { $0.baseAddress }) }
            XCTAssertEqual(writer.output.whole, Array("$\(count)\r\n".utf8) + bytes + [0x0D, 0x0A])
        }
    }
}
