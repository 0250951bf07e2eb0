import Protocol
import Simulator
import XCTest

@testable import Cluster

/// Exchanges over the stream between two memberships, message by message.
final class MembershipExchangeTests: XCTestCase {
    private let now = Instant(microseconds: 5_000_000)

    private func make(_ index: Int, knowing records: [RingRecord]) -> Membership {
        let membership = Membership(
            record: GossipRing.record(index), ring: GossipRing.ring, seed: UInt64(index + 1), now: now)
        membership.merge(records.filter { $0.node != membership.ownRecord.node }, now: now)
        return membership
    }

    /// Carries messages to and fro until there is no answer.
    /// - Returns: their sizes.
    @discardableResult
    private func exchange(_ one: Membership, _ other: Membership) -> [Int] {
        var sizes: [Int] = []
        var (sender, receiver) = (one, other)
        var message: RecordExchange? = one.exchangeOpening()
        while let current = message, sizes.count < 10 {
            var writer = ByteWriter()
            writer.write(PeerMessage.records(current))
            sizes.append(writer.count)
            message = receiver.onExchange(current, from: sender.ownRecord.node, now: now)
            swap(&sender, &receiver)
        }
        return sizes
    }

    func test_exchange_ofTheSame_isTheDigestAndAnEmptyAnswer_andBothHaveHeardOfTheRing() {
        let records = (0..<500).map { GossipRing.record($0) }
        let (one, other) = (make(0, knowing: records), make(1, knowing: records.reversed()))
        XCTAssertEqual(exchange(one, other).count, 2)
        XCTAssertTrue(other.hasExchanged)
        XCTAssertTrue(one.hasExchanged)
    }

    func test_exchange_ofWhatever_makesBothKnowTheSame() {
        var random = Random(seed: 4)
        for round in 0..<100 {
            let count = Int.random(in: 1...200, using: &random)
            func some() -> [RingRecord] {
                (0..<count).filter { _ in Int.random(in: 0..<10, using: &random) > 0 }.map {
                    GossipRing.record(
                        $0, status: RingRecord.Status.allCases.randomElement(using: &random) ?? .active,
                        incarnation: .random(in: 1...3, using: &random))
                }
            }
            let (one, other) = (make(500, knowing: some()), make(501, knowing: some()))
            exchange(one, other)
            XCTAssertEqual(one.records, other.records, "round \(round)")
            XCTAssertEqual(one.recordsDigest, other.recordsDigest)
            XCTAssertEqual(exchange(one, other).count, 2)
        }
    }

    func test_exchange_ofOneDifference_doesNotSendTheRing() {
        let records = (0..<1_000).map { GossipRing.record($0) }
        let (one, other) = (make(0, knowing: records), make(1, knowing: records))
        other.merge([GossipRing.record(700, incarnation: 4)], now: now)
        let sizes = exchange(one, other)
        XCTAssertEqual(one.record(of: GossipRing.id(700))?.incarnation, 4)
        XCTAssertEqual(one.records, other.records)
        XCTAssertLessThan(sizes.reduce(0, +), 4_000, "all records are \(1_000 * 50) bytes")
    }

    func test_exchange_ofAnything_givesBothWordOfTheRing() {
        let (one, other) = (make(0, knowing: []), make(1, knowing: [GossipRing.record(2)]))
        exchange(one, other)
        XCTAssertTrue(one.hasExchanged && other.hasExchanged)
        let (third, fourth) = (make(3, knowing: [GossipRing.record(2)]), make(4, knowing: []))
        exchange(third, fourth)
        XCTAssertTrue(third.hasExchanged && fourth.hasExchanged)
    }

    func test_exchange_ofADeath_makesASuspect() {
        let records = (0..<10).map { GossipRing.record($0) }
        let (one, other) = (make(0, knowing: records), make(1, knowing: records))
        other.merge([Rumor(record: GossipRing.record(5), liveness: .dead)], from: nil, now: now)
        exchange(one, other)
        XCTAssertEqual(one.liveness(of: GossipRing.id(5)), .suspect)
        XCTAssertEqual(other.liveness(of: GossipRing.id(5)), .dead)
    }

    func test_onExchange_withNonsense_isSurvived() {
        let membership = make(0, knowing: (0..<20).map { GossipRing.record($0) })
        let peer = GossipRing.id(1)
        XCTAssertNil(membership.onExchange(.digests([]), from: peer, now: now))
        XCTAssertNil(
            membership.onExchange(
                .digests([UInt64](repeating: 0, count: 5_000)), from: peer, now: now))
        for bucketCount: UInt32 in [0, 2, 3] {
            let nonsense = RecordExchange.request(bucketCount: bucketCount, buckets: [7, .max], rumors: [])
            XCTAssertEqual(membership.onExchange(nonsense, from: peer, now: now), .rumors([]))
        }
        XCTAssertEqual(membership.records.count, 20)
    }

    func test_exchangeMessage_throughItsForm_isTheSameAndItsPartsAreRefused() throws {
        let rumor = Rumor(record: GossipRing.record(1), liveness: .dead)
        let messages: [RecordExchange] = [
            .opening(digest: 7), .digests([1, 2, 3, 4]), .rumors([rumor]),
            .request(bucketCount: 8, buckets: [0, 7], rumors: [rumor]),
        ]
        for message in messages {
            var writer = ByteWriter()
            writer.write(message)
            var reader = ByteReader(writer.bytes)
            XCTAssertEqual(try RecordExchange(from: &reader), message)
            for count in 0..<writer.count {
                var cut = ByteReader(Array(writer.bytes.prefix(count)))
                XCTAssertThrowsError(try RecordExchange(from: &cut))
            }
        }
        for wrong in [RecordExchange.digests([1, 2, 3]), .request(bucketCount: 4, buckets: [4], rumors: [])] {
            var writer = ByteWriter()
            writer.write(wrong)
            var reader = ByteReader(writer.bytes)
            XCTAssertThrowsError(try RecordExchange(from: &reader))
        }
    }
}
