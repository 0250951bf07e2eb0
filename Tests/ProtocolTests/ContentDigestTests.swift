import XCTest

@testable import Protocol

final class ContentDigestTests: XCTestCase {
    func test_running_overAnyPieces_isThatOfTheWhole() {
        var random = SeededGenerator(seed: 37)
        for count in [0, 1, 240, 241, 1_000, 70_000, 300_000] {
            let bytes = random.bytes(count)
            let running = ContentDigest.Running()
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 0...count / 3 + 1, using: &random))
                rest = rest.dropFirst(piece.count)
                piece.withUnsafeBytes { running.add($0) }
            }
            XCTAssertEqual(running.digest, ContentDigest(of: bytes))
        }
    }

    /// XXH3's own, of nothing and of "abc" (source: the xxHash project, 128 bits, seed 0).
    func test_digests_areXXH3s() {
        XCTAssertEqual(ContentDigest(of: []), ContentDigest(high: 0x99AA_06D3_0147_98D8, low: 0x6001_C324_468D_497F))
        XCTAssertEqual(ContentDigest(of: Array("abc".utf8)), ContentDigest(high: 0x06B0_5AB6_733A_6185, low: 0x78AF_5F94_892F_3950))
    }
}
