import Protocol
import XCTest

@testable import Cluster

/// Values that are looked at again a piece at a time.
final class LargeScrubTests: XCTestCase {
    private let nodes = TestNodes()
    private let slot = TestNodes.slots[0]
    /// Keys of the slot before and behind it.
    private var key: [UInt8] { key("m") }

    private func key(_ first: String) -> [UInt8] {
        let tag = TestNodes.keys.first { Slot(key: $0) == slot } ?? []
        return Array((first + "{").utf8) + tag + Array("}".utf8)
    }
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

    private func write(_ value: [UInt8], _ key: [UInt8], at host: TestHost) {
        guard case .written = nodes.ask(host, .set(value: value, ttlMilliseconds: nil), key) else { return XCTFail("not written") }
    }

    /// The law: whatever is written and deleted before, behind and at the value that is being counted, the copy is sound.
    private func checkChangesAround(hasOneBefore: Bool) throws {
        let (ring, member) = try makeRing()
        if hasOneBefore { write([1], key("a"), at: ring[0]) }
        let replica = try hurry(member)
        XCTAssertTrue(nodes.run(until: { replica.scrub?.counting != nil }))
        for (index, first) in ["d", "f", "e", "x", "z", "b"].enumerated() { write([UInt8(index)], key(first), at: ring[0]) }
        for first in ["e", "x", "a"] { _ = nodes.ask(ring[0], .delete, key(first)) }
        write([9], key("f"), at: ring[0])
        XCTAssertNotNil(replica.scrub?.counting, "it was counted before all was written")
        var wasUnsound = false
        XCTAssertTrue(
            nodes.run(until: {
                if replica.isUnsound { wasUnsound = true }
                return replica.scrub == nil && self.nodes.areAtRest(ring)
            }))
        XCTAssertFalse(wasUnsound)
        XCTAssertEqual(replica.tally, member.node?.replicator.counted(replica))
    }

    func test_scrub_whileKeysAroundTheFirstEntryChange_isSound() throws { try checkChangesAround(hasOneBefore: false) }
    func test_scrub_whileKeysAroundALaterEntryChange_isSound() throws { try checkChangesAround(hasOneBefore: true) }

    /// A value that changes more often than it can be counted keeps nobody else from being looked at.
    func test_scrub_ofALargeValueThatIsWrittenAgainAndAgain_goesOn() throws {
        let (ring, member) = try makeRing()
        let replica = try hurry(member)
        XCTAssertTrue(nodes.run(until: { replica.scrub?.counting != nil }))
        write([UInt8](repeating: 8, count: 3 << 20), key, at: ring[0])
        XCTAssertTrue(nodes.run(until: { replica.scrub?.counting == nil && replica.scrub?.cursor == self.key }))
        XCTAssertTrue(nodes.run(until: { replica.scrub == nil }))
        XCTAssertFalse(replica.isUnsound)
    }

    /// Where there is no other copy; it is not said twice, whatever comes of the entry.
    func test_rotThatIsTakenAsItIs_isCountedRightFromThenOn() throws {
        let ring = nodes.makeRing(1)
        write(value, key, at: ring[0])
        let sound = try XCTUnwrap(ring[0].store.entry(in: slot, key: key))
        var rotten = value
        rotten[5] ^= 1
        ring[0].store.put(
            Entry(value: rotten, version: sound.version, timestamp: sound.timestamp, expiry: nil, digest: sound.digest), key: key,
            in: slot)
        let replicator = try XCTUnwrap(ring[0].node?.replicator)
        let replica = replicator.replica(slot)
        let before = replica.tally
        nodes.turn(ring[0]) { _ in replicator.hurryScrub(of: replica) }
        XCTAssertTrue(nodes.run(until: { replica.tally != before }))
        write([1], key, at: ring[0])
        XCTAssertEqual(replica.tally, replicator.counted(replica))
    }
}
