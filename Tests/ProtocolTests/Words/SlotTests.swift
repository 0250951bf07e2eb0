import XCTest

@testable import Protocol

final class SlotTests: XCTestCase {
    /// The law: in steps of four bytes it is what it is bit by bit.
    func test_crc16_ofAnyBytes_isThatOfTheirBits() {
        var random = SystemRandomNumberGenerator()
        for count in 0..<200 {
            let bytes = (0..<count % 40).map { _ in UInt8.random(in: 0...255, using: &random) }
            var remainder: UInt16 = 0
            for byte in bytes {
                for bit in (0..<8).reversed() {
                    let isSet = (byte >> UInt8(bit)) & 1 != UInt8(remainder >> 15)
                    remainder = (remainder << 1) ^ (isSet ? 0x1021 : 0)
                }
            }
            XCTAssertEqual(bytes.withUnsafeBytes { CRC16.xmodem($0) }, remainder, "\(bytes)")
        }
    }

    func test_crc16_ofCheckString_isThePublishedValue() {
        XCTAssertEqual(Array("123456789".utf8).withUnsafeBytes { CRC16.xmodem($0) }, 0x31C3)
    }

    func test_init_ofKeys_equalsRedisClusterKeySlot() {
        XCTAssertEqual(Slot(key: Array("foo".utf8)).index, 12182)
        XCTAssertEqual(Slot(key: Array("123456789".utf8)).index, 0x31C3)
        XCTAssertEqual(Slot(key: []).index, 0)
    }

    func test_init_ofKeyWithTag_usesTheTagAlone() {
        XCTAssertEqual(Slot(key: Array("user1000".utf8)).index, 3443)
        XCTAssertEqual(Slot(key: Array("{user1000}.following".utf8)).index, 3443)
        XCTAssertEqual(Slot(key: Array("{user1000}.followers".utf8)).index, 3443)
        XCTAssertEqual(Slot(key: Array("foo{bar}{zap}".utf8)), Slot(key: Array("bar".utf8)))
        XCTAssertEqual(Slot(key: Array("foo{{bar}}zap".utf8)), Slot(key: Array("{bar".utf8)))
    }

    func test_init_ofKeyWithoutWholeTag_usesTheWholeKey() {
        for key in ["foo{}{bar}", "foo{bar", "foo}bar{", "{", "{}"] {
            let bytes = Array(key.utf8)
            XCTAssertEqual(Slot(key: bytes).index, Int(bytes.withUnsafeBytes { CRC16.xmodem($0) }) % Slot.count, key)
        }
    }

    func test_init_ofNumber_isNilBeyondTheLast() {
        XCTAssertEqual(Slot(16_383)?.index, 16_383)
        XCTAssertNil(Slot(16_384))
        XCTAssertNil(Slot(-1))
    }

    func test_all_isEverySlotInOrder() {
        XCTAssertEqual(Slot.all.map(\.index), Array(0..<16_384))
    }
}
