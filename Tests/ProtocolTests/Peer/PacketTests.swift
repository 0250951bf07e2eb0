import XCTest

@testable import Protocol

final class PacketTests: XCTestCase {
    private let ring = RingID(rawValue: 7)

    private func record(_ name: String, host: String = "h", zone: String = "") throws -> RingRecord {
        RingRecord(
            member: Member(node: try XCTUnwrap(NodeID(name)), disk: DiskID(rawValue: 3)),
            address: NodeAddress(host: host, port: 8081), zone: zone, weight: 2, incarnation: 9,
            status: .leaving)
    }

    private func samples() throws -> [Packet] {
        let (one, other) = (try record("a"), try record("b", host: "::1", zone: "east"))
        let rumors = [
            Rumor(record: one, liveness: .alive), Rumor(record: other, liveness: .dead),
            Rumor(record: other, liveness: .suspect, accuser: one.node),
        ]
        let messages: [PacketMessage] = [
            .ping(sequence: 1), .ack(sequence: .max, node: one.node),
            .pingRequest(sequence: 0, target: other.node), .nack(sequence: 5), .gossip,
        ]
        return messages.map { Packet(ring: ring, sender: one, message: $0, rumors: rumors) }
    }

    func test_decode_ofEncoded_isTheSame() throws {
        for packet in try samples() {
            XCTAssertEqual(try Packet.decode(packet.encoded(), ring: ring), packet)
        }
    }

    func test_rumorBytesMax_whenUsedUp_fillsThePacketExactly() throws {
        for packet in try samples() {
            let rumorBytes = packet.rumors.reduce(0) { $0 + $1.byteCount }
            let spare =
                Packet.rumorBytesMax(sender: packet.sender, message: packet.message) - rumorBytes
            XCTAssertEqual(packet.encoded().count + spare, Limits.packetBytesMax)
        }
    }

    func test_rumorBytesMax_withTheLongestNames_leavesRoomForARumor() throws {
        let name = String(repeating: "n", count: NodeID.lengthMax)
        let longest = try record(
            name, host: String(repeating: "h", count: NodeAddress.hostLengthMax),
            zone: String(repeating: "z", count: RingRecord.zoneLengthMax))
        let rumor = Rumor(record: longest, liveness: .suspect, accuser: longest.node)
        let space = Packet.rumorBytesMax(
            sender: longest, message: .pingRequest(sequence: 1, target: longest.node))
        XCTAssertGreaterThanOrEqual(space, rumor.byteCount)
    }

    func test_decode_ofAnotherRing_isRefused() throws {
        let bytes = try samples()[0].encoded()
        XCTAssertThrowsError(try Packet.decode(bytes, ring: RingID(rawValue: 8))) {
            XCTAssertEqual($0 as? PacketError, .foreignRing(ring))
        }
    }

    func test_decode_ofAnotherVersion_isRefused() throws {
        var bytes = try samples()[0].encoded()
        bytes[4] = 2
        XCTAssertThrowsError(try Packet.decode(bytes, ring: ring)) {
            XCTAssertEqual($0 as? PacketError, .unknownVersion(2))
        }
    }

    func test_decode_ofTooManyBytes_isRefused() throws {
        let bytes = try samples()[0].encoded() + [UInt8](repeating: 0, count: Limits.packetBytesMax)
        XCTAssertThrowsError(try Packet.decode(bytes, ring: ring)) {
            XCTAssertEqual($0 as? PacketError, .oversized)
        }
    }

    func test_decode_cutAnywhere_isRefused() throws {
        for packet in try samples() {
            let bytes = packet.encoded()
            for length in 0..<bytes.count {
                XCTAssertThrowsError(try Packet.decode(Array(bytes[..<length]), ring: ring))
            }
        }
    }

    func test_decode_withAnyBitChanged_isRefused() throws {
        let bytes = try samples()[2].encoded()
        for bit in 0..<(bytes.count * 8) {
            var changed = bytes
            changed[bit / 8] ^= 1 << (bit % 8)
            XCTAssertThrowsError(try Packet.decode(changed, ring: ring))
        }
    }

    /// Past the checksum: bodies that were made to fit it.
    func test_decode_ofWrongBodyUnderRightChecksum_throwsOrIsWhole() throws {
        var decoded = 0
        for packet in try samples() {
            let bytes = packet.encoded()
            for index in 13..<(bytes.count - 4) {
                for value: UInt8 in [0, 1, 0x7F, 0xFF] {
                    var changed = Array(bytes.dropLast(4))
                    changed[index] = value
                    var writer = ByteWriter()
                    writer.writeRaw(changed)
                    writer.write(PacketChecksum.crc32c(changed[...]))
                    guard let packet = try? Packet.decode(writer.bytes, ring: ring) else { continue }
                    decoded += 1
                    XCTAssertEqual(packet.encoded(), writer.bytes)
                }
            }
        }
        XCTAssertGreaterThan(decoded, 0)
    }

    func test_crc32c_ofCheckString_isTheStandardValue() {
        XCTAssertEqual(PacketChecksum.crc32c(Array("123456789".utf8)[...]), 0xE306_9283)
    }
}
