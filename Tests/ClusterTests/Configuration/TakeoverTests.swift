import Protocol
import XCTest

@testable import Cluster

final class TakeoverTests: XCTestCase {
    private let nodes = TestNodes()

    /// The primary of a slot, and the two others, of which the first is its first backup.
    private func primaryAndBackups(of slot: Slot, _ hosts: [TestHost]) throws -> (TestHost, TestHost, TestHost) {
        let members = try XCTUnwrap(hosts[0].node?.replicator.configuration(of: slot)).members
        let sorted = members.compactMap { member in hosts.first { $0.id == member.node } }
        try XCTSkipUnless(sorted.count == 3)
        return (sorted[0], sorted[1], sorted[2])
    }

    func test_poll_fromWhoHasLostItToo_isAsGoodAsItsAnswer() throws {
        let hosts = nodes.makeRing(3)
        let (primary, backup, other) = try primaryAndBackups(of: TestNodes.slots[0], hosts)
        let suspect = primary.settings.member
        nodes.kill(primary)
        nodes.turn(backup) { $0.onLinkRefused(by: primary.id) }
        XCTAssertNil(backup.node?.replicator.suspicions[suspect]?.agreed[other.id])
        nodes.turn(backup) { $0.onMessage(.poll(suspect: suspect), from: other.id) }
        XCTAssertNotNil(backup.node?.replicator.suspicions[suspect]?.agreed[other.id])
    }

    func test_poll_whileThePrimaryIsHeard_countsForNothing() throws {
        let hosts = nodes.makeRing(3)
        let (primary, backup, other) = try primaryAndBackups(of: TestNodes.slots[0], hosts)
        nodes.turn(backup) { $0.onMessage(.poll(suspect: primary.settings.member), from: other.id) }
        XCTAssertTrue(backup.node?.replicator.suspicions.isEmpty == true)
    }

    func test_requestForALostSlot_isMadeKnownToItsFirstBackup() throws {
        let hosts = nodes.makeRing(3)
        let key = TestNodes.keys[0]
        let slot = Slot(key: key)
        let (primary, backup, other) = try primaryAndBackups(of: slot, hosts)
        nodes.kill(primary)
        _ = nodes.submit(other, .get, key)
        XCTAssertTrue(
            other.messages.contains { $0.message == .awaited([slot]) && $0.to == backup.id },
            "\(other.messages)")
        nodes.turn(backup) { $0.onMessage(.awaited([slot]), from: other.id) }
        XCTAssertTrue(backup.node?.replicator.awaited.contains(slot) == true)
        XCTAssertTrue(nodes.run(until: { backup.node?.replicator.awaited.isEmpty == true }, within: .seconds(3)))
        XCTAssertEqual(backup.node?.replicator.configuration(of: slot)?.primary, backup.settings.member)
    }

    /// A planned change needs no promises: nobody is asked for any.
    func test_handOver_ofAStoppingPrimary_goesWithoutPrepares() throws {
        let hosts = nodes.makeRing(3)
        var prepares = 0
        hosts[0].node?.replicator.onStopping()
        nodes.run(until: {
            prepares += hosts[0].messages.count { if case .prepare = $0.message { true } else { false } }
            return hosts[0].node?.replicator.slotsLed == 0
        }, within: .seconds(5))
        XCTAssertEqual(hosts[0].node?.replicator.slotsLed, 0)
        XCTAssertEqual(prepares, 0)
    }
}
