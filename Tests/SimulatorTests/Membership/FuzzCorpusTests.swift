import Foundation
import Protocol
import Simulator
import XCTest

@testable import Cluster

/// Every input that fuzzing has kept (Tests/Fuzz/Corpus), through what reads it.
final class FuzzCorpusTests: XCTestCase {
    private let now = Instant(microseconds: 5_000_000)

    private func corpus(_ target: String) throws -> [[UInt8]] {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        folder.appendPathComponent("Fuzz/Corpus/\(target)")
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .sorted { $0.path < $1.path }.map { [UInt8](try Data(contentsOf: $0)) }
    }

    func test_onPacket_withTheCorpus_dropsOrTakesEach() throws {
        let inputs = try corpus("packet")
        XCTAssertGreaterThan(inputs.count, 10)
        let membership = Membership(
            record: GossipRing.record(0), ring: GossipRing.ring, seed: 1, now: now)
        for input in inputs {
            // With the checksum that the target of the fuzzing adds, and as it is.
            let bytes = withChecksum(input)
            for packet in [input, bytes] { membership.onPacket(packet, now: now) }
        }
        XCTAssertEqual(membership.counters.packetsReceived, 2 * inputs.count)
        XCTAssertGreaterThan(membership.counters.malformed, 0, "the corpus gets beyond the checksum")
        XCTAssertEqual(membership.ownRecord.member, GossipRing.record(0).member)
    }

    func test_peerMessage_fromTheCorpus_isTheSameThroughItsForm() throws {
        let inputs = try corpus("peer")
        XCTAssertGreaterThan(inputs.count, 10)
        var decodedCount = 0
        for input in inputs where input.first.map({ $0 % 3 == 0 }) ?? false {
            var reader = ByteReader(input, in: 1..<input.count)
            guard let message = try? PeerMessage(from: &reader) else { continue }
            decodedCount += 1
            var writer = ByteWriter()
            writer.write(message)
            var again = ByteReader(writer.bytes)
            XCTAssertEqual(try PeerMessage(from: &again), message)
        }
        XCTAssertGreaterThan(decodedCount, 0)
    }

    /// CRC-32C, bit by bit.
    private func withChecksum(_ bytes: [UInt8]) -> [UInt8] {
        var crc: UInt32 = ~0
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 != 0 ? (crc >> 1) ^ 0x82F6_3B78 : crc >> 1 }
        }
        return bytes + (0..<4).map { UInt8(truncatingIfNeeded: ~crc >> (8 * $0)) }
    }
}
