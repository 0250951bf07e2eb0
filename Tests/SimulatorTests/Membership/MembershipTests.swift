import Protocol
import Simulator
import XCTest

@testable import Cluster

/// Membership as a ring of nodes lives it, on a virtual network.
final class MembershipTests: XCTestCase {
    private func wholeRing(_ count: Int, seed: UInt64, loss: Double = 0.01) -> GossipRing {
        var world = GossipWorld()
        world.loss = loss
        let ring = GossipRing(nodes: count, seed: seed, world: world)
        ring.introduceAll()
        ring.run(.seconds(5))
        return ring
    }

    func test_join_throughOneSeed_isKnownToAll() {
        for (count, seed) in [(3, 1), (10, 2), (50, 3)] {
            let ring = wholeRing(count, seed: UInt64(seed))
            let joiner = ring.add(status: .joining)
            ring.join(joiner, through: 0)
            XCTAssertNotNil(ring.run(upTo: .seconds(3)) { ring.isWhole }, "\(count) nodes")
            ring.input(joiner) { $0.update(status: .active, now: $1) }
            XCTAssertNotNil(ring.run(upTo: .seconds(3)) { ring.areRecordsEqual }, "\(count) nodes")
            XCTAssertEqual(ring.nodes[0].membership.record(of: GossipRing.id(joiner))?.status, .active)
            XCTAssertEqual(ring.deaths, 0)
        }
    }

    func test_join_ofManyAtOnce_isKnownToAll() {
        for seed: UInt64 in 1...2 {
            let ring = wholeRing(3, seed: seed)
            for _ in 0..<30 { ring.join(ring.add(), through: 0) }
            XCTAssertNotNil(ring.run(upTo: .seconds(5)) { ring.isWhole && ring.areRecordsEqual })
            XCTAssertLessThanOrEqual(ring.largestPacket, Limits.packetBytesMax)
            XCTAssertGreaterThan(ring.largestPacket, Limits.packetBytesMax * 9 / 10)
        }
    }

    func test_kill_inRing_isKnownDeadToAllInTime() {
        for (count, bound) in [(3, 5.0), (10, 5.0), (50, 7.0)] {
            let ring = wholeRing(count, seed: UInt64(100 + count))
            ring.kill(1)
            let time = ring.run(upTo: .seconds(bound)) { ring.all(see: 1, as: .dead) }
            XCTAssertNotNil(time, "\(count) nodes")
            XCTAssertEqual(ring.deaths, count - 1, "only the killed node is declared dead")
        }
    }

    func test_kill_ofMost_isKnownToTheLast() {
        let ring = wholeRing(3, seed: 5)
        ring.kill(1)
        ring.kill(2)
        XCTAssertNotNil(
            ring.run(upTo: .seconds(10)) { ring.all(see: 1, as: .dead) && ring.all(see: 2, as: .dead) })
        XCTAssertFalse(ring.nodes[0].membership.seesMajority)
    }

    func test_onDisconnect_ofKilledNode_findsItSooner() {
        let ring = wholeRing(50, seed: 6)
        ring.kill(1)
        for index in [0, 2, 3, 4] {
            ring.input(index) { $0.onDisconnect(GossipRing.id(1), now: $1) }
        }
        // One interval to the probe, one for it, and the shortest suspicion.
        XCTAssertNotNil(ring.run(upTo: .seconds(6)) { ring.all(see: 1, as: .dead) })
    }

    func test_quietRing_withLoss_declaresNobodyDead() {
        for (count, minutes) in [(3, 10), (10, 3), (50, 0.5)] {
            var world = GossipWorld()
            world.loss = 0.01
            world.hasStreams = false
            let ring = GossipRing(nodes: count, seed: UInt64(200 + count), world: world)
            ring.introduceAll()
            ring.run(.seconds(60) * minutes)
            XCTAssertEqual(ring.deaths, 0, "\(count) nodes")
            XCTAssertTrue(ring.isWhole || ring.run(upTo: .seconds(5)) { ring.isWhole } != nil)
        }
    }

    func test_lossyRing_withStreams_declaresNobodyDead() {
        let ring = wholeRing(10, seed: 7, loss: 0.3)
        ring.run(.seconds(60))
        XCTAssertEqual(ring.deaths, 0)
    }

    func test_partition_whenHealed_becomesWholeByItself() {
        for (count, seed) in [(3, 8), (10, 9), (20, 10)] {
            let ring = wholeRing(count, seed: UInt64(seed))
            let half = count / 2
            ring.passes = { ($0 < half) == ($1 < half) }
            let isSplit = {
                ring.nodes[0].membership.liveness(of: GossipRing.id(count - 1)) == .dead
                    && (half..<count).allSatisfy { ring.nodes[0].membership.liveness(of: GossipRing.id($0)) == .dead }
                    && (0..<half).allSatisfy { ring.nodes[half].membership.liveness(of: GossipRing.id($0)) == .dead }
            }
            XCTAssertNotNil(ring.run(upTo: .seconds(60), until: isSplit), "\(count) nodes")
            ring.run(.seconds(60))
            ring.passes = { _, _ in true }
            XCTAssertNotNil(ring.run(upTo: .seconds(30)) { ring.isWhole }, "\(count) nodes")
            XCTAssertNotNil(ring.run(upTo: .seconds(10)) { ring.areRecordsEqual })
        }
    }

    func test_partition_ofStreamsAndPacketsInOneDirection_isFoundOut() {
        // Node 1 is heard but hears nothing: it must not stay alive by talking.
        let ring = wholeRing(10, seed: 11)
        ring.passes = { _, to in to != 1 }
        XCTAssertNotNil(
            ring.run(upTo: .seconds(10)) {
                (0..<10).allSatisfy {
                    $0 == 1 || ring.nodes[$0].membership.liveness(of: GossipRing.id(1)) == .dead
                }
            })
    }

    func test_pausedNode_whenItReturns_accusesNobodyAndIsTakenBack() {
        for (count, seed) in [(3, 12), (10, 13)] {
            let ring = wholeRing(count, seed: UInt64(seed))
            ring.pause(1)
            XCTAssertNotNil(
                ring.run(upTo: .seconds(10)) {
                    (0..<count).allSatisfy {
                        $0 == 1 || ring.nodes[$0].membership.liveness(of: GossipRing.id(1)) == .dead
                    }
                })
            ring.run(.seconds(30))
            ring.nodes[1].changes = []
            ring.resume(1)
            XCTAssertNotNil(ring.run(upTo: .seconds(5)) { ring.isWhole }, "\(count) nodes")
            XCTAssertTrue(ring.nodes[1].changes.isEmpty, "\(ring.nodes[1].changes)")
            XCTAssertGreaterThan(ring.nodes[1].membership.ownRecord.incarnation, 1)
            XCTAssertEqual(ring.nodes[1].membership.counters.pauses, 1)
        }
    }

    func test_restart_ofKilledNode_isAliveAgain() {
        let ring = wholeRing(10, seed: 14)
        ring.kill(3)
        XCTAssertNotNil(ring.run(upTo: .seconds(10)) { ring.all(see: 3, as: .dead) })
        ring.restart(3, incarnation: 2, through: 0)
        XCTAssertNotNil(ring.run(upTo: .seconds(3)) { ring.isWhole && ring.areRecordsEqual })
    }

    func test_restart_withRestoredBackup_isRefusedAndTold() {
        let ring = wholeRing(3, seed: 15)
        ring.kill(1)
        ring.restart(1, incarnation: 9, through: 0)
        XCTAssertNotNil(ring.run(upTo: .seconds(3)) { ring.areRecordsEqual })
        ring.kill(1)
        ring.restart(1, incarnation: 4, through: 0)
        ring.run(.seconds(3))
        XCTAssertEqual(
            ring.nodes[1].effects.last, .outdated(by: GossipRing.record(1, incarnation: 9)))
        XCTAssertEqual(ring.nodes[0].membership.record(of: GossipRing.id(1))?.incarnation, 9)
        XCTAssertGreaterThan(ring.nodes[0].membership.counters.outdatedSender, 0)
    }

    func test_restart_withEmptyDisk_reportsConflictAndCanClaimTheIdentity() {
        let ring = wholeRing(3, seed: 16)
        ring.kill(1)
        ring.nodes[1].effects = []
        ring.restart(1, incarnation: 1, disk: 999, through: 0)
        let old = GossipRing.record(1)
        // At one incarnation the larger disk wins, so the old one must be ahead to make a conflict.
        XCTAssertNotEqual(old.member.disk.rawValue, 999)
        XCTAssertNotNil(ring.run(upTo: .seconds(3)) { ring.areRecordsEqual })

        ring.kill(1)
        ring.nodes[1].effects = []
        ring.restart(1, incarnation: 1, disk: 5, through: 0)
        ring.run(.seconds(1))
        let conflict = GossipRing.record(1, disk: 999)
        XCTAssertEqual(ring.nodes[1].effects.first, .identityConflict(with: conflict))
        XCTAssertEqual(ring.nodes[0].membership.record(of: GossipRing.id(1)), conflict)
        ring.input(1) { $0.claimIdentity(over: conflict, now: $1) }
        XCTAssertNotNil(ring.run(upTo: .seconds(3)) { ring.areRecordsEqual && ring.isWhole })
        XCTAssertEqual(ring.nodes[0].membership.record(of: GossipRing.id(1))?.member.disk.rawValue, 5)
    }

    func test_leave_ofNode_spreadsAndIsNotADeath() {
        let ring = wholeRing(10, seed: 17)
        ring.input(2) { $0.update(status: .leaving, now: $1) }
        XCTAssertNotNil(
            ring.run(upTo: .seconds(3)) {
                ring.nodes.allSatisfy { $0.membership.record(of: GossipRing.id(2))?.status == .leaving }
            })
        ring.input(2) { $0.update(status: .gone, now: $1) }
        XCTAssertNotNil(ring.run(upTo: .seconds(5)) { !ring.nodes[2].membership.isSpreadingOwnRecord })
        ring.kill(2)
        ring.run(.seconds(20))
        XCTAssertTrue(
            ring.running.allSatisfy { $0.membership.record(of: GossipRing.id(2))?.status == .gone })
        XCTAssertTrue(ring.running.allSatisfy { $0.membership.counters.suspicions == 0 })
    }

    func test_eviction_ofDeadNode_isTakenBackByItself() throws {
        let ring = wholeRing(5, seed: 18)
        ring.passes = { ($0 == 1) == ($1 == 1) }
        XCTAssertNotNil(ring.run(upTo: .seconds(10)) { ring.nodes[0].membership.deadSince(GossipRing.id(1)) != nil })
        ring.run(.seconds(10))
        let judge = ring.nodes[0].membership
        XCTAssertEqual(judge.evictionCandidates(now: ring.localTime(of: 0), after: .seconds(60)), [])
        XCTAssertEqual(judge.evictionCandidates(now: ring.localTime(of: 0), after: .seconds(5)), [GossipRing.id(1)])
        XCTAssertEqual(
            ring.nodes[1].membership.evictionCandidates(now: ring.localTime(of: 1), after: .zero), [],
            "without a majority nobody is evicted")
        ring.input(0) { $0.evict(GossipRing.id(1), now: $1) }
        XCTAssertNotNil(
            ring.run(upTo: .seconds(3)) {
                ring.nodes[4].membership.record(of: GossipRing.id(1))?.status == .down
            })
        XCTAssertEqual(judge.evictionCandidates(now: ring.localTime(of: 0), after: .seconds(5)), [])
        ring.passes = { _, _ in true }
        XCTAssertNotNil(ring.run(upTo: .seconds(20)) { ring.isWhole && ring.areRecordsEqual })
        let back = try XCTUnwrap(judge.record(of: GossipRing.id(1)))
        XCTAssertEqual(back.status, .active)
        XCTAssertGreaterThan(back.incarnation, 1)
    }

    func test_forget_ofRunningNode_isForEverForThatDisk() {
        let ring = wholeRing(5, seed: 19)
        ring.input(0) { $0.forget(GossipRing.id(1), now: $1) }
        ring.run(.seconds(5))
        XCTAssertEqual(ring.nodes[1].effects.last, .forgotten)
        ring.kill(1)
        ring.restart(1, incarnation: 50, through: 2)
        ring.run(.seconds(5))
        XCTAssertTrue(
            ring.nodes.allSatisfy {
                $0.id == GossipRing.id(1) || $0.membership.record(of: GossipRing.id(1))?.status == .gone
            })
        XCTAssertEqual(ring.nodes[1].effects.last, .forgotten)
    }

    func test_twoLiveNodes_withOneID_areReported() {
        let ring = wholeRing(3, seed: 20)
        let packet = Packet(
            ring: GossipRing.ring, sender: GossipRing.record(0, disk: 500), message: .ping(sequence: 1),
            rumors: [])
        ring.input(0) { $0.onPacket(packet.encoded(), now: $1) }
        ring.input(0) { $0.onPacket(packet.encoded(), now: $1) }
        XCTAssertEqual(ring.nodes[0].effects, [.identityConflict(with: packet.sender)])
    }

    func test_run_withTheSameSeed_isTheSame() {
        func trace() -> [String] {
            let ring = wholeRing(10, seed: 21, loss: 0.05)
            ring.kill(1)
            ring.run(.seconds(20))
            return ring.nodes.flatMap { node in
                node.changes.map { "\(node.id) \($0)" } + ["\(node.membership.counters)"]
            }
        }
        XCTAssertEqual(trace(), trace())
    }

    func test_traffic_ofQuietRing_staysSmall() {
        let ring = wholeRing(20, seed: 22, loss: 0)
        let before = ring.nodes.map { $0.membership.counters.bytesSent }
        ring.run(.seconds(30))
        for (node, bytes) in zip(ring.nodes, before) {
            XCTAssertLessThan((node.membership.counters.bytesSent - bytes) / 30, 1_000, "bytes a second")
        }
    }
}
