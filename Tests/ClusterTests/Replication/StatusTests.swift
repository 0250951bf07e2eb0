import Protocol
import XCTest

@testable import Cluster

final class StatusTests: XCTestCase {
    private let nodes = TestNodes()

    /// What is not looked at, since it did not change, has nothing to say for itself; what the node counts is what is
    /// there.
    private func check(for span: Duration, _ states: inout Set<Bool>) {
        let end = nodes.now + span
        while nodes.now < end {
            nodes.run(for: .milliseconds(10))
            for host in nodes.hosts where host.isRunning {
                guard let replicator = host.node?.replicator else { continue }
                for bound in replicator.bounds { XCTAssertLessThanOrEqual(bound.count, bound.max, bound.what) }
                var walk = replicator.beginStatusWalk()
                replicator.goOn(with: &walk, slotsMax: Slot.count)
                let said = Set(walk.waiting.values.flatMap { $0.values.joined() })
                let waiting = Set(replicator.configuredReplicas.filter { replicator.waiting(for: $0) != nil }.map(\.slot))
                XCTAssertEqual(said, waiting)
                states.insert(waiting.isEmpty)
            }
        }
    }

    func test_whateverHappens_statusNamesEverySlotThatWaits() {
        var states: Set<Bool> = []
        let first = nodes.found()
        for number in 2...4 {
            nodes.join(TestNodes.settings(number), through: first)
            check(for: .seconds(2), &states)
        }
        nodes.kill(nodes.hosts[1])
        check(for: .seconds(8), &states)
        nodes.turn(nodes.hosts[2]) { $0.leave() }
        check(for: .seconds(4), &states)
        XCTAssertEqual(states, [true, false])
    }

    func test_thousandsOfSlotsThatChanged_areLookedAtInSeveralTurns_andAllAreCounted() throws {
        let first = nodes.found(slots: Array(Slot.all))
        nodes.run(for: .seconds(1))
        let node = try XCTUnwrap(first.node)
        node.replicator.census.unsettled.formUnion(node.replicator.configured)
        var answers: [NodeStatus] = []
        var turns = 0
        node.requestStatus { answers.append($0) }
        while answers.isEmpty, turns < 100 {
            XCTAssertEqual(node.nextTurnAt, nodes.now, "it asks for another turn")
            nodes.turn(first) { _ in }
            turns += 1
        }
        XCTAssertEqual(turns, Slot.count / 512 + 1)
        XCTAssertEqual(answers, [node.status()])
        XCTAssertEqual(answers.first?.leads, UInt32(Slot.count))
    }
}
