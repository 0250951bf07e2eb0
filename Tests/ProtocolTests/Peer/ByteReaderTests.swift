import XCTest

@testable import Protocol

final class ByteReaderTests: XCTestCase {
    func test_integers_writtenAndRead_areEqualAndLittleEndian() throws {
        var writer = ByteWriter()
        writer.write(UInt8(1))
        writer.write(true)
        writer.write(UInt16(0x0203))
        writer.write(UInt32(0x0405_0607))
        writer.write(UInt64(0x0809_0A0B_0C0D_0E0F))
        XCTAssertEqual(writer.bytes, [1, 1, 3, 2, 7, 6, 5, 4, 0xF, 0xE, 0xD, 0xC, 0xB, 0xA, 9, 8])
        var reader = ByteReader(writer.bytes)
        XCTAssertEqual(try reader.readUInt8(), 1)
        XCTAssertEqual(try reader.readBool(), true)
        XCTAssertEqual(try reader.readUInt16(), 0x0203)
        XCTAssertEqual(try reader.readUInt32(), 0x0405_0607)
        XCTAssertEqual(try reader.readUInt64(), 0x0809_0A0B_0C0D_0E0F)
        XCTAssertTrue(reader.isAtEnd)
    }

    func test_readBytes_overItsMaximum_isRefusedBeforeAnythingElse() {
        var reader = ByteReader([0xFF, 0xFF, 0xFF, 0xFF])
        XCTAssertThrowsError(try reader.readBytes(max: 10)) {
            XCTAssertEqual($0 as? DecodeError, .invalid("length 4294967295 over 10"))
        }
    }

    func test_readCount_ofMoreThanCouldBeThere_isRefused() {
        var reader = ByteReader([3, 0, 0, 0, 1, 2])
        XCTAssertThrowsError(try reader.readCount(elementBytesMin: 1)) {
            XCTAssertEqual($0 as? DecodeError, .truncated)
        }
    }

    func test_readString_ofBadUTF8_isRefused() {
        var reader = ByteReader([1, 0, 0, 0, 0xFF])
        XCTAssertThrowsError(try reader.readString(max: 10))
    }

    func test_readBool_ofOtherThanZeroAndOne_isRefused() {
        var reader = ByteReader([2])
        XCTAssertThrowsError(try reader.readBool())
    }

    func test_readRest_afterARange_endsWithIt() throws {
        var reader = ByteReader([1, 2, 3, 4], in: 1..<3)
        XCTAssertEqual(try reader.readUInt8(), 2)
        XCTAssertEqual(reader.readRest(), [3])
        XCTAssertTrue(reader.isAtEnd)
    }

    func test_patch_ofALength_overwritesItAlone() {
        var writer = ByteWriter()
        writer.write(UInt8(9))
        writer.write(UInt32(0))
        writer.write(UInt8(8))
        writer.patch(0x0102_0304, at: 1)
        XCTAssertEqual(writer.bytes, [9, 4, 3, 2, 1, 8])
    }
}
