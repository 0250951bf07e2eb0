import XCTest

@testable import Protocol

final class SlotTests: XCTestCase {
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
