import Foundation
import Protocol
import Simulator
import XCTest

@testable import Cluster

/// The goals of docs/membership.md, in as much simulated time as a test may take. TORC_MEMBERSHIP=long does
/// what the table there was made with.
final class MembershipGoalsTests: XCTestCase {
    private let isLong = ProcessInfo.processInfo.environment["TORC_MEMBERSHIP"] == "long"

    private func trials(_ nodes: Int, _ seed: Int, loss: Double = 0.01) -> MembershipTrials {
        var world = GossipWorld()
        world.loss = loss
        return MembershipTrials(nodes: nodes, seed: UInt64(seed), world: world)
    }

    func test_kill_inRingsOfAllSizes_isKnownToAllInTime() {
        let cases = isLong ? [(10, 40, 10), (100, 20, 10), (1_000, 5, 4)] : [(10, 40, 3), (100, 4, 3), (500, 1, 1)]
        for (nodes, seeds, kills) in cases {
            let goal = MembershipGoals(nodes: nodes).deathMax
            for seed in 1...seeds {
                var trials = trials(nodes, seed)
                for time in trials.killTimes(kills) {
                    XCTAssertLessThanOrEqual(time, goal, "\(nodes) nodes, seed \(seed)")
                }
            }
        }
    }

    func test_pausesOfUpToFourSeconds_again_areNoDeaths() {
        let hour = Duration.seconds(3_600)
        for (nodes, span) in isLong ? [(20, hour * 2), (100, hour)] : [(20, hour / 4), (100, hour / 60)] {
            var trials = trials(nodes, 1)
            XCTAssertEqual(trials.deathsByPauses(span, GossipPauses()), 0, "\(nodes) nodes")
        }
    }

    func test_pausesOfFourSeconds_always_areNoDeaths() {
        var pauses = GossipPauses()
        pauses.lengths = .seconds(4) ... .seconds(4)
        var trials = trials(20, 3)
        XCTAssertEqual(trials.deathsByPauses(.seconds(900), pauses), 0)
    }

    func test_quiet_withLoss_hasNoDeaths() {
        let hours = isLong ? 10 : 1
        XCTAssertEqual(trials(10, 4).quietDeaths(.seconds(3_600 * hours)), 0)
    }

    func test_joins_inALargeRing_areKnownInTime() {
        let nodes = isLong ? 1_000 : 300
        var trials = trials(nodes, 5)
        for time in trials.joinTimes(3) { XCTAssertLessThanOrEqual(time, .seconds(3)) }
    }

    func test_hundredJoins_throughOneSeed_allGetIn() throws {
        XCTAssertLessThan(try XCTUnwrap(trials(5, 6).crowdTime(100)), .seconds(10))
    }

    func test_split_forAnHour_healsByItself() throws {
        for (nodes, span) in [(10, 3_600), (50, 300)] {
            let healing = trials(nodes, 7).healTime(after: .seconds(span))
            XCTAssertTrue(healing.isSplit)
            XCTAssertLessThan(try XCTUnwrap(healing.time), .seconds(60), "\(nodes) nodes")
        }
    }

    func test_traffic_ofANode_doesNotGrowWithTheRing() {
        let seconds = 60
        let bytes = [10, 300].map { nodes in
            trials(nodes, 8).quietTraffic(.seconds(seconds)).bytes / nodes / seconds
        }
        XCTAssertLessThan(Double(bytes[1]), MembershipGoals(nodes: 300).bytesPerSecondMax)
        XCTAssertLessThan(Double(bytes[1]), 1.2 * Double(bytes[0]))
    }

    func test_disorderedNetwork_declaresNobodyDead() {
        var world = GossipWorld()
        world.loss = 0.02
        world.duplication = 0.1
        world.reordering = 0.1
        world.drift = 0.01
        let trials = MembershipTrials(nodes: 20, seed: 9, world: world)
        XCTAssertEqual(trials.quietDeaths(.seconds(600)), 0)
    }

    func test_run_ofASmallRing_meetsItsGoalsAndSaysSo() {
        var lines: [String] = []
        let isMet = MembershipRun.run(nodes: 20, time: .seconds(60)) { lines.append($0) }
        XCTAssertTrue(isMet, lines.joined(separator: "\n"))
        XCTAssertEqual(lines.last, "all goals are met")
        XCTAssertTrue(lines.contains { $0.contains("known dead by all") && $0.contains("met") })
    }

    func test_run_overALinkThatLosesMost_saysWhatIsMissed() {
        var lines: [String] = []
        XCTAssertFalse(MembershipRun.run(nodes: 10, time: .seconds(60), loss: 0.7) { lines.append($0) })
        XCTAssertTrue(lines.contains { $0.hasSuffix("MISSED") })
    }
}
