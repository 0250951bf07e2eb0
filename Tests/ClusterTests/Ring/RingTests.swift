import Protocol
import XCTest

@testable import Cluster

final class RingTests: XCTestCase {
    func test_merge_anyOrderAndRepetition_givesTheSameRing() {
        var random = Random(seed: 1)
        for _ in 0..<500 {
            let records = (0..<8).map { _ in RingRecord.random(using: &random) }
            let ring = Ring(records)
            var other = Ring()
            for record in (records + records).shuffled(using: &random) { other.merge(record) }
            XCTAssertEqual(other.recordsDigest, ring.recordsDigest)
            XCTAssertEqual(other, ring)
        }
    }

    func test_merge_ofRings_isCommutativeAssociativeAndIdempotent() {
        var random = Random(seed: 2)
        for _ in 0..<500 {
            let (a, b, c) = (someRing(&random), someRing(&random), someRing(&random))
            XCTAssertEqual(union(a, b).recordsDigest, union(b, a).recordsDigest)
            XCTAssertEqual(union(a, union(b, c)).recordsDigest, union(union(a, b), c).recordsDigest)
            XCTAssertEqual(union(a, a).recordsDigest, a.recordsDigest)
            XCTAssertEqual(union(union(a, b), b).recordsDigest, union(a, b).recordsDigest)
        }
    }

    func test_supersedes_anyTwoDifferentRecordsOfANode_oneOfThemWins() {
        var random = Random(seed: 3)
        for _ in 0..<5_000 {
            let (one, two) = (RingRecord.random(using: &random), RingRecord.random(using: &random))
            guard one.node == two.node else { continue }
            let same = bytes(one) == bytes(two)
            XCTAssertEqual([one.supersedes(two), two.supersedes(one)].count(where: \.self), same ? 0 : 1)
        }
    }

    func test_merge_sameRecordAgain_changesNothing() {
        var ring = Ring([.sample("a")])
        let before = ring
        XCTAssertFalse(ring.merge(.sample("a")))
        XCTAssertFalse(ring.merge([.sample("a"), .sample("a")]))
        XCTAssertEqual(ring, before)
    }

    func test_merge_higherIncarnation_winsOverHigherStatus() {
        var ring = Ring([.sample("a", incarnation: 1, status: .down)])
        XCTAssertTrue(ring.merge(.sample("a", incarnation: 2, status: .active)))
        XCTAssertFalse(ring.merge(.sample("a", incarnation: 1, status: .gone)))
        XCTAssertEqual(ring.records.map(\.status), [.active])
    }

    func test_merge_sameIncarnation_higherStatusWins() {
        var ring = Ring()
        for status in RingRecord.Status.allCases {
            XCTAssertTrue(ring.merge(.sample("a", status: status)))
        }
        XCTAssertFalse(ring.merge(.sample("a", status: .active)))
        XCTAssertEqual(ring.records.map(\.status), [.gone])
    }

    func test_records_mergedInAnyOrder_areSortedAndFound() throws {
        let ring = Ring(["c", "a", "d", "b"].map { .sample($0) })
        XCTAssertEqual(ring.records.map(\.node.text), ["a", "b", "c", "d"])
        for record in ring.records { XCTAssertEqual(ring.record(of: record.node), record) }
        for absent in ["0", "bb", "e"] {
            XCTAssertNil(ring.record(of: try XCTUnwrap(NodeID(absent))))
        }
    }

    func test_digest_whatDoesNotBearOnPlacement_leavesItAlone() {
        let ring = Ring([.sample("a"), .sample("b")])
        for record in [
            RingRecord.sample("a", host: "elsewhere", incarnation: 2),
            .sample("a", incarnation: 5), .sample("c", status: .joining), .sample("d", status: .gone),
        ] {
            var other = ring
            XCTAssertTrue(other.merge(record))
            XCTAssertEqual(other.digest, ring.digest, "\(record)")
            XCTAssertNotEqual(other.recordsDigest, ring.recordsDigest, "\(record)")
        }
    }

    func test_digest_whatBearsOnPlacement_changesIt() {
        let ring = Ring([.sample("a"), .sample("b")])
        for record in [
            RingRecord.sample("a", disk: 2, incarnation: 2), .sample("a", zone: "z", incarnation: 2),
            .sample("a", weight: 2, incarnation: 2), .sample("a", status: .down), .sample("c"),
        ] {
            var other = ring
            XCTAssertTrue(other.merge(record))
            XCTAssertNotEqual(other.digest, ring.digest, "\(record)")
        }
    }

    private func someRing(_ random: inout Random) -> Ring {
        Ring((0..<4).map { _ in RingRecord.random(using: &random) })
    }

    private func union(_ one: Ring, _ two: Ring) -> Ring {
        var result = one
        result.merge(two.records)
        return result
    }

    private func bytes(_ record: RingRecord) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(record)
        return writer.bytes
    }
}
