import Protocol
import XCTest

@testable import Cluster

/// Values that are looked at again a piece at a time.
final class LargeScrubTests: XCTestCase {
    private let nodes = TestNodes()
    private let slot = TestNodes.slots[0]
    private var key: [UInt8] { TestNodes.keys.first { Slot(key: $0) == slot } ?? [] }
    private let value = [UInt8](repeating: 7, count: 3 << 20)

    private func makeRing() throws -> (ring: [TestHost], member: TestHost) {
        let ring = nodes.makeRing(3)
        guard case .written = nodes.ask(ring[0], .set(value: value, ttlMilliseconds: nil), key) else {
            throw XCTSkip("not written")
        }
        XCTAssertTrue(nodes.run(until: { self.nodes.areAtRest(ring) }))
        nodes.run(for: .seconds(1))
        return (ring, try XCTUnwrap(ring.first { $0.node?.replicator.replica(slot).leadership == nil }))
    }

    private func hurry(_ member: TestHost) throws -> Replica {
        let replicator = try XCTUnwrap(member.node?.replicator)
        let replica = replicator.replica(slot)
        nodes.turn(member) { _ in replicator.hurryScrub(of: replica) }
        return replica
    }

    func test_scrub_ofALargeValueThatIsAsItWas_isSound() throws {
        let (_, member) = try makeRing()
        let replica = try hurry(member)
        var wasCounting = false
        XCTAssertTrue(
            nodes.run(until: {
                if replica.scrub?.counting != nil { wasCounting = true }
                return wasCounting && replica.scrub == nil
            }))
        XCTAssertFalse(replica.isUnsound)
        XCTAssertNotNil(member.store.entry(in: slot, key: key)?.digest)
    }

    func test_scrub_ofALargeValueThatHasRotted_findsIt_andItIsMended() throws {
        let (_, member) = try makeRing()
        let sound = try XCTUnwrap(member.store.entry(in: slot, key: key))
        var rotten = value
        rotten[2 << 20] ^= 1
        member.store.put(
            Entry(value: rotten, version: sound.version, timestamp: sound.timestamp, expiry: nil, digest: sound.digest), key: key,
            in: slot)
        let replica = try hurry(member)
        XCTAssertTrue(nodes.run(until: { replica.isUnsound }))
        XCTAssertTrue(nodes.run(until: { !replica.isUnsound }))
        XCTAssertEqual(member.store.entry(in: slot, key: key), sound)
    }

    func test_scrub_ofALargeValueThatIsReplacedMeanwhile_isSound() throws {
        let (ring, member) = try makeRing()
        let replica = try hurry(member)
        XCTAssertTrue(nodes.run(until: { replica.scrub?.counting != nil }))
        guard case .written = nodes.ask(ring[0], .set(value: [1], ttlMilliseconds: nil), key) else { return XCTFail("not written") }
        XCTAssertTrue(nodes.run(until: { replica.scrub == nil && self.nodes.areAtRest(ring) }))
        XCTAssertFalse(replica.isUnsound)
        XCTAssertEqual(member.store.entry(in: slot, key: key)?.value, [1])
    }
}
