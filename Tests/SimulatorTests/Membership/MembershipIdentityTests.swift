import Protocol
import Simulator
import XCTest

@testable import Cluster

/// Who a node is: an id, a disk, an incarnation (DESIGN section "Membership", identity).
final class MembershipIdentityTests: XCTestCase {
    private func wholeRing(_ count: Int, seed: UInt64) -> GossipRing {
        var world = GossipWorld()
        world.loss = 0.01
        let ring = GossipRing(nodes: count, seed: seed, world: world)
        ring.introduceAll()
        ring.run(.seconds(5))
        return ring
    }

    private func knownDead(_ index: Int, in ring: GossipRing) -> Bool {
        ring.run(upTo: .seconds(10)) { ring.all(see: index, as: .dead) } != nil
    }

    func test_restart_withAnotherAddress_isFollowedThere() {
        for seed: UInt64 in 1...5 {
            let ring = wholeRing(10, seed: seed)
            let moved = NodeAddress(host: "elsewhere", port: 9)
            ring.kill(3)
            if seed % 2 == 0 { XCTAssertTrue(knownDead(3, in: ring)) }
            ring.restart(3, incarnation: 2, address: moved, through: 0)
            XCTAssertNotNil(ring.run(upTo: .seconds(3)) { ring.isWhole && ring.areRecordsEqual })
            XCTAssertEqual(ring.nodes[7].membership.record(of: GossipRing.id(3))?.address, moved)
            ring.run(.seconds(60))
            XCTAssertTrue(ring.isWhole, "it is probed where it is now")
            XCTAssertEqual(ring.nodes[3].effects, [])
        }
    }

    func test_restart_atTheAddressThatAnotherHadBefore_isTakenForItself() {
        // Two nodes swap their addresses: packets to the old ones come to the other node.
        let ring = wholeRing(5, seed: 6)
        ring.kill(1)
        ring.kill(2)
        XCTAssertTrue(knownDead(1, in: ring))
        ring.restart(1, incarnation: 2, address: GossipRing.address(2), through: 0)
        ring.restart(2, incarnation: 2, address: GossipRing.address(1), through: 0)
        XCTAssertNotNil(ring.run(upTo: .seconds(5)) { ring.isWhole && ring.areRecordsEqual })
        let deaths = ring.falseDeaths
        ring.run(.seconds(60))
        XCTAssertTrue(ring.isWhole)
        XCTAssertEqual(ring.falseDeaths, deaths)
    }

    func test_restart_ofAUsedIDWithAnEmptyDisk_isTakenOnceItClaimsTheID() {
        for (seed, disk) in [(7, 999), (8, 1), (9, 4)] as [(UInt64, UInt64)] {
            let ring = wholeRing(5, seed: seed)
            ring.kill(1)
            ring.restart(1, incarnation: 9, through: 0)
            XCTAssertNotNil(ring.run(upTo: .seconds(5)) { ring.areRecordsEqual })
            ring.kill(1)
            XCTAssertTrue(knownDead(1, in: ring))
            ring.restart(1, incarnation: 1, disk: disk, through: 2)
            ring.run(.seconds(1))
            let old = GossipRing.record(1, incarnation: 9)
            XCTAssertEqual(ring.nodes[1].effects, [.identityConflict(with: old)])
            ring.input(1) { $0.claimIdentity(over: old, now: $1) }
            XCTAssertNotNil(ring.run(upTo: .seconds(5)) { ring.areRecordsEqual && ring.isWhole })
            let known = ring.nodes[4].membership.record(of: GossipRing.id(1))
            XCTAssertEqual(known?.member.disk.rawValue, disk)
            XCTAssertGreaterThan(known?.incarnation ?? 0, 9)
        }
    }

    func test_twoLiveNodes_withOneID_bothHearOfItAndTheRingKeepsOne() {
        for seed: UInt64 in 10...13 {
            let ring = wholeRing(5, seed: seed)
            // The later one: the id of node 1, a disk and an address of its own.
            let twin = ring.addTwin(of: 1, disk: 500)
            ring.join(twin, through: 0)
            ring.run(.seconds(20))
            let winner = GossipRing.record(1, disk: 500, address: GossipRing.address(twin))
            for index in [0, 2, 3, 4] {
                XCTAssertEqual(ring.nodes[index].membership.record(of: GossipRing.id(1)), winner, "seed \(seed)")
            }
            XCTAssertEqual(
                ring.nodes[1].effects.first, .identityConflict(with: winner), "the earlier one says so")
            XCTAssertEqual(ring.nodes[1].membership.ownRecord, GossipRing.record(1), "nobody changes another")
        }
    }

    func test_twoLiveNodes_ofWhichTheLaterIsBehind_makeOnlyThatOneRefuse() {
        let ring = wholeRing(5, seed: 14)
        ring.kill(1)
        ring.restart(1, incarnation: 5, through: 0)
        ring.run(.seconds(3))
        let twin = ring.addTwin(of: 1, disk: 500)
        ring.join(twin, through: 0)
        ring.run(.seconds(20))
        let known = GossipRing.record(1, incarnation: 5)
        XCTAssertEqual(ring.nodes[twin].effects.first, .identityConflict(with: known))
        XCTAssertEqual(ring.nodes[3].membership.record(of: GossipRing.id(1)), known)
        XCTAssertEqual(ring.nodes[3].membership.liveness(of: GossipRing.id(1)), .alive)
    }

    func test_forgottenNode_thatReturns_isToldAndStaysOut() {
        for (seed, incarnation) in [(15, 1), (16, 2), (17, 1_000)] as [(UInt64, UInt64)] {
            let ring = wholeRing(5, seed: seed)
            ring.kill(1)
            XCTAssertTrue(knownDead(1, in: ring))
            ring.input(0) { $0.forget(GossipRing.id(1), now: $1) }
            ring.run(.seconds(3))
            ring.restart(1, incarnation: incarnation, through: 4)
            ring.run(.seconds(10))
            XCTAssertTrue(ring.nodes[1].effects.contains(.forgotten))
            for index in [0, 2, 3, 4] {
                XCTAssertEqual(ring.nodes[index].membership.record(of: GossipRing.id(1))?.status, .gone)
                XCTAssertEqual(ring.view(of: 1, by: index), .dead)
            }
        }
    }

    func test_forgottenID_withAnotherDisk_comesInAgain() {
        let ring = wholeRing(5, seed: 18)
        ring.kill(1)
        ring.input(0) { $0.forget(GossipRing.id(1), now: $1) }
        ring.run(.seconds(5))
        ring.restart(1, incarnation: 1, disk: 77, through: 4)
        XCTAssertNotNil(ring.run(upTo: .seconds(5)) { ring.isWhole && ring.areRecordsEqual })
        XCTAssertEqual(ring.nodes[3].membership.record(of: GossipRing.id(1))?.status, .active)
        XCTAssertEqual(ring.nodes[3].membership.record(of: GossipRing.id(1))?.member.disk, DiskID(rawValue: 77))
        XCTAssertFalse(ring.nodes[1].effects.contains(.forgotten))
    }

    func test_restart_ofABackup_isRefusedWhateverItSays() {
        let ring = wholeRing(5, seed: 19)
        ring.kill(1)
        ring.restart(1, incarnation: 9, through: 0)
        XCTAssertNotNil(ring.run(upTo: .seconds(5)) { ring.areRecordsEqual })
        ring.kill(1)
        ring.restart(1, incarnation: 3, through: 0)
        ring.run(.seconds(5))
        let known = GossipRing.record(1, incarnation: 9)
        XCTAssertEqual(ring.nodes[1].effects, [.outdated(by: known)], "said once")
        XCTAssertEqual(ring.nodes[3].membership.record(of: GossipRing.id(1)), known)
        XCTAssertEqual(ring.nodes[1].membership.ownRecord.incarnation, 3, "it does not climb over the other")
    }
}
