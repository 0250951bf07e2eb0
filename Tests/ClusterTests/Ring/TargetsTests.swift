import Protocol
import XCTest

@testable import Cluster

final class TargetsTests: XCTestCase {
    func test_targetsAreMet_byExactlyThoseOfTheSlot_inAnyOrder() {
        let records = (1...6).map { RingRecord.sample("n\($0)", disk: UInt64($0)) }
        let targets = Targets(ring: Ring(records), replicas: 3)
        for slot in Slot.all.prefix(200) {
            let wanted = targets[slot]
            XCTAssertTrue(targets.areMet(in: slot, by: wanted))
            XCTAssertTrue(targets.areMet(in: slot, by: wanted.reversed()))
            XCTAssertFalse(targets.areMet(in: slot, by: Array(wanted.dropLast())))
            let others = records.map(\.member).filter { !wanted.contains($0) }
            XCTAssertFalse(targets.areMet(in: slot, by: wanted.dropLast() + [others[0]]))
            XCTAssertFalse(targets.areMet(in: slot, by: wanted + [others[0]]))
        }
    }

    func test_init_sameRecordsInAnyOrder_givesTheSameTable() {
        var random = Random(seed: 4)
        let ring = Ring.sample(9, zone: { "zone-\($0 % 3)" }, weight: { UInt16($0 % 2 + 1) })
        let targets = Targets(ring: ring, replicas: 3)
        for _ in 0..<3 {
            let other = Targets(ring: Ring(ring.records.shuffled(using: &random)), replicas: 3)
            XCTAssertEqual(other, targets)
        }
    }

    /// Nodes of two releases share a ring: they must compute the same table. When this fails, the change
    /// moves data in every ring there is, and old and new nodes disagree for ever.
    func test_digest_ofKnownRings_neverChanges() {
        let plain = Targets(ring: .sample(5), replicas: 3)
        XCTAssertEqual(plain.ringDigest, 11608031168943630587)
        XCTAssertEqual(plain.digest, 12475418936508678701)
        let mixed = Targets(
            ring: .sample(14, zone: { "zone-\($0 % 5)" }, weight: { UInt16($0 % 3 + 1) }), replicas: 3)
        XCTAssertEqual(mixed.ringDigest, 16999467291396020211)
        XCTAssertEqual(mixed.digest, 16193904450298710456)
    }

    func test_slot_anyRing_hasDistinctMembersWhoseCountsAddUp() {
        let targets = Targets(ring: .sample(7), replicas: 3)
        var places: [Member: Int] = [:]
        var firsts: [Member: Int] = [:]
        for slot in Slot.all {
            let members = targets[slot]
            XCTAssertEqual(Set(members).count, 3)
            XCTAssertEqual(targets.first(of: slot), members[0])
            firsts[members[0], default: 0] += 1
            for member in members { places[member, default: 0] += 1 }
            for member in targets.members {
                XCTAssertEqual(targets.places(slot, at: member.node), members.contains(member))
            }
        }
        for member in targets.members {
            XCTAssertEqual(targets.placesHeld(by: member.node), places[member])
            XCTAssertEqual(targets.firstPlacesHeld(by: member.node), firsts[member])
        }
    }

    func test_slot_onlyActiveNodes_takePart() {
        var ring = Ring.sample(3)
        for status in RingRecord.Status.allCases where status != .active {
            ring.merge(.sample("other-\(status.rawValue)", status: status))
        }
        let targets = Targets(ring: ring, replicas: 3)
        XCTAssertEqual(targets.members.map(\.node.text), ["node-0", "node-1", "node-2"])
        XCTAssertEqual(targets, Targets(ring: .sample(3), replicas: 3))
    }

    func test_slot_noActiveNode_isEmpty() throws {
        for ring in [Ring(), Ring([.sample("a", status: .joining)])] {
            let targets = Targets(ring: ring, replicas: 3)
            XCTAssertTrue(Slot.all.allSatisfy { targets[$0].isEmpty && targets.first(of: $0) == nil })
            let node = try XCTUnwrap(NodeID("a"))
            XCTAssertEqual(targets.placesHeld(by: node), 0)
            XCTAssertFalse(Slot.all.contains { targets.places($0, at: node) })
        }
    }

    func test_slot_fewerNodesThanReplicas_hasAll() {
        let targets = Targets(ring: .sample(2), replicas: 3)
        XCTAssertTrue(Slot.all.allSatisfy { Set(targets[$0]) == Set(targets.members) })
        XCTAssertEqual(targets.relaxed, Targets.Relaxed())
    }

    func test_slot_unusualReplicas_areTakenAsTheNearestPossible() {
        XCTAssertEqual(Targets(ring: .sample(3), replicas: 0).replicas, 1)
        XCTAssertEqual(Targets(ring: .sample(3), replicas: -1).replicas, 1)
        XCTAssertEqual(Targets(ring: .sample(10), replicas: 100).replicas, Configuration.membersMax)
    }

    func test_first_anyNodeCount_isWhereTheWalkFirstArrivesUnlessThatNodeIsFull() throws {
        let targets = Targets(ring: .sample(3), replicas: 3)
        let circle = TokenCircle(
            nodes: targets.members.map { (Array($0.node.text.utf8), 1) }, slots: Slot.count)
        let fullest = Slot.count * 11 / 30
        for slot in Slot.all {
            let token = Int(circle.starts[slot.index])
            let natural = targets.members[Int(circle.owners[token % circle.owners.count])]
            if targets.firstPlacesHeld(by: natural.node) < fullest {
                XCTAssertEqual(targets.first(of: slot), natural)
            }
        }
    }
}
