import Protocol
import XCTest

@testable import Cluster

final class ReopeningTests: XCTestCase {
    func test_restart_ofManySlots_opensThemAndLooksInATickOnlyAtThoseWhoseTurnItIs() throws {
        let slots = Array(Slot.all.prefix(4_000))
        var settings = TestNodes.settings(1, replicas: 1)
        settings.slots = slots
        let nodes = TestNodes()
        let first = nodes.found(settings, slots: slots)
        XCTAssertTrue(nodes.run(until: { first.node?.replicator.census.counts.open == slots.count }))
        let again = try nodes.restart(first)
        let replicator = try XCTUnwrap(again.node?.replicator)
        let few = replicator.settings.proposalsMax + replicator.settings.startsPerTurnMax
        XCTAssertTrue(
            nodes.run(until: { replicator.waitingProposals.count > 5 * few && replicator.agenda.count <= few }),
            "\(replicator.waitingProposals.count) wait, \(replicator.agenda.count) are looked at in a tick")
        XCTAssertTrue(nodes.run(until: { replicator.census.counts.open == slots.count }, within: .seconds(60)))
    }
}
