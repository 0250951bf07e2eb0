import Protocol
import XCTest

@testable import Cluster

final class StatusTests: XCTestCase {
    private let nodes = TestNodes()

    /// What is quickly taken for being at rest has nothing to say for itself.
    private func check(for span: Duration, _ states: inout Set<Bool>) {
        let end = nodes.now + span
        while nodes.now < end {
            nodes.run(for: .milliseconds(10))
            for host in nodes.hosts where host.isRunning {
                guard let replicator = host.node?.replicator else { continue }
                for replica in replicator.configuredReplicas {
                    let isAtRest = replicator.isAtRest(replica)
                    states.insert(isAtRest)
                    guard isAtRest, let (what, why) = replicator.waiting(for: replica) else { continue }
                    XCTFail("slot \(replica.slot) waits with \(what) for \(why)")
                }
            }
        }
    }

    func test_slotAtRest_whateverHappens_waitsForNothing() {
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
}
