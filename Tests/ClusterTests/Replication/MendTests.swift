import Protocol
import XCTest

@testable import Cluster

/// A copy that holds what was not written so is made right from another one that is not as far.
final class MendTests: XCTestCase {
    private let nodes = TestNodes()
    private let slot = TestNodes.slots[0]
    private var keys: [[UInt8]] { TestNodes.keys.filter { Slot(key: $0) == slot } }

    private func write(_ value: UInt8, at host: TestHost) {
        guard case .written = nodes.ask(host, .set(value: [value], ttlMilliseconds: nil), keys[0]) else {
            return XCTFail("not written")
        }
    }

    /// Where all were before the last write.
    private var before = Version.zero

    /// A member of the slot whose log still has the last write, since the third node is silent; and that one.
    private func memberAndSilentOne() throws -> (TestHost, TestHost) {
        let ring = nodes.makeRing(3)
        write(1, at: ring[0])
        XCTAssertTrue(nodes.run(until: { self.nodes.areAtRest(ring) }))
        nodes.run(for: .seconds(1))
        let backups = ring.filter { $0.node?.replicator.replica(slot).leadership == nil }
        let (member, silent) = (backups[0], backups[1])
        before = try XCTUnwrap(member.node?.replicator.replica(slot).log.commit)
        nodes.isSilenced = { $0 === silent }
        write(2, at: try XCTUnwrap(ring.first { host in !backups.contains { $0 === host } }))
        XCTAssertTrue(nodes.run(until: { self.value(at: member) == [2] }, within: .seconds(2)))
        return (member, silent)
    }

    private func value(at host: TestHost) -> [UInt8]? { host.store.entry(in: slot, key: keys[0])?.value }

    /// Has the member be mended by what the silent one had, before the last write.
    private func mend(_ member: TestHost, from source: TestHost) throws {
        let replicator = try XCTUnwrap(member.node?.replicator)
        let replica = replicator.replica(slot)
        XCTAssertLessThan(before, replica.log.commit)
        nodes.turn(member) { _ in
            replicator.becomeUnsound(replica, "has rotted")
            replica.mendSource = source.node?.replicator.me
        }
        XCTAssertTrue(nodes.run(until: { replica.scrub?.source?.node == source.id }, within: .seconds(2)))
        let difference = Difference(entries: [], lacking: nil, through: nil, applied: before, tail: nil)
        let supply = Supply(
            slot: slot, epoch: replica.epoch, number: replica.scrub?.number ?? 0, content: .difference(difference))
        nodes.turn(member) { $0.onMessage(.supply(supply), from: source.id) }
        XCTAssertFalse(replica.isUnsound)
    }

    /// Found by a seed: what the source does not have yet was left as it was, and counted as right from then on.
    func test_entryThatRottedAfterItsLastWrite_isMendedFromTheLog() throws {
        let (member, silent) = try memberAndSilentOne()
        let replica = try XCTUnwrap(member.node?.replicator.replica(slot))
        let tally = replica.tally
        let sound = try XCTUnwrap(member.store.entry(in: slot, key: keys[0]))
        let rotten = Entry(value: [9], version: sound.version, timestamp: sound.timestamp, expiry: nil)
        member.store.put(rotten, key: keys[0], in: slot)
        try mend(member, from: silent)
        XCTAssertEqual(member.store.entry(in: slot, key: keys[0]), sound)
        XCTAssertEqual(replica.tally, tally)
    }

    func test_entryThatIsGoneThoughTheLogHasIt_isPutBack() throws {
        let (member, silent) = try memberAndSilentOne()
        let tally = try XCTUnwrap(member.node?.replicator.replica(slot).tally)
        member.store.remove(key: keys[0], in: slot)
        try mend(member, from: silent)
        XCTAssertEqual(value(at: member), [2])
        XCTAssertEqual(member.node?.replicator.replica(slot).tally, tally)
    }
}
