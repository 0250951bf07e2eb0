import Protocol
import XCTest

@testable import Cluster

final class HandOverTests: XCTestCase {
    private let nodes = TestNodes()
    private let slot = TestNodes.slots[0]

    private func replica(_ host: TestHost) throws -> Replica { try XCTUnwrap(host.node).replicator.replica(slot) }

    /// The primary of the slot, and who leads it once that stops.
    private func primaryAndNext(_ hosts: [TestHost]) throws -> (TestHost, TestHost) {
        let members = try XCTUnwrap(replica(hosts[0]).configuration).members
        let sorted = members.compactMap { member in hosts.first { $0.id == member.node } }
        return (sorted[0], sorted[1])
    }

    func test_stoppingNode_saysSoOnceToEachOther() throws {
        let hosts = nodes.makeRing(3)
        nodes.turn(hosts[0]) { $0.replicator.onStopping() }
        let said = hosts[0].messages.filter { $0.message == .stopping }.map(\.to)
        XCTAssertEqual(said.sorted(), [hosts[1].id, hosts[2].id])
        let declared = hosts[0].messages.filter { if case .memberState = $0.message { true } else { false } }
        XCTAssertTrue(declared.isEmpty, "\(declared)")
        nodes.run(for: .milliseconds(30))
        XCTAssertEqual(hosts[1].node?.replicator.peers[hosts[0].id]?.isStopping, true)
    }

    /// Brings the slot to where `next` has durably accepted to lead it, and syncs nothing after that.
    private func handOver(from primary: TestHost, to next: TestHost) throws -> Epoch {
        let epoch = try replica(next).epoch
        nodes.turn(primary) { $0.replicator.onStopping() }
        let hasAccepted = nodes.run(until: { (try? self.replica(next).isAcceptedDurably) == true }, within: .seconds(3))
        XCTAssertTrue(hasAccepted)
        XCTAssertEqual(try replica(next).epoch, epoch)
        next.store.syncTime = { .seconds(60) }
        return epoch
    }

    func test_newPrimary_thatAcceptedDurably_opensBeforeTheDecisionIsSynced() throws {
        let (primary, next) = try primaryAndNext(nodes.makeRing(3))
        let epoch = try handOver(from: primary, to: next)
        let isOpen = nodes.run(
            until: { (try? self.replica(next).leadership?.phase) == .open }, within: .milliseconds(200))
        XCTAssertTrue(isOpen)
        XCTAssertEqual(try replica(next).epoch, epoch + 1)
        XCTAssertTrue(try replica(next).isComplete)
    }

    /// It has forgotten that it led the epoch, and learns that it does: versions that it gave must not be given again.
    func test_newPrimary_thatForgotTheDecision_doesNotLeadThatEpochAgain() throws {
        let (primary, next) = try primaryAndNext(nodes.makeRing(3))
        let epoch = try handOver(from: primary, to: next)
        nodes.run(until: { (try? self.replica(next).leadership?.phase) == .open }, within: .milliseconds(200))
        nodes.kill(next)
        next.store.syncTime = { .milliseconds(1) }
        let again = try nodes.restart(next)
        XCTAssertEqual(try replica(again).epoch, epoch)
        var hasLed = false
        let isOpen = nodes.run(
            until: {
                guard let replica = try? self.replica(again) else { return false }
                if replica.epoch == epoch + 1, replica.leadership != nil { hasLed = true }
                return replica.epoch > epoch + 1 && replica.isComplete && !replica.isSealed
            }, within: .seconds(20))
        XCTAssertTrue(isOpen)
        XCTAssertFalse(hasLed)
    }

    /// Those that stay are asked for a word: what they say by themselves may come 200 ms later.
    func test_shrinkingSlot_isClosedNoLongerThanAQuestionTakes() throws {
        let (primary, next) = try primaryAndNext(nodes.makeRing(3))
        nodes.kill(try XCTUnwrap(nodes.hosts.first { $0.id != primary.id && $0.id != next.id }))
        let isClosed = nodes.run(
            until: {
                guard case .closing(let members, _) = (try? self.replica(primary))?.leadership?.phase else { return false }
                return members.count == 2
            }, within: .seconds(30))
        XCTAssertTrue(isClosed)
        XCTAssertEqual(primary.node?.replicator.peers[next.id]?.requestedRound, 1)
        let isDecided = nodes.run(
            until: { (try? self.replica(primary).memberCount) == 2 }, within: .milliseconds(70))
        XCTAssertTrue(isDecided)
    }
}
