import Protocol
import XCTest

@testable import Cluster

/// The bounds of placement: how even it is, how little moves, how far zones are kept apart.
final class TargetsPropertyTests: XCTestCase {
    private static let replicas = 3
    private static let slots = Double(Slot.count)

    /// A leave is a join backwards. Of first places a single join may move more than the mean does: over
    /// 200 rings of 50 nodes the median was 1.04 of the least possible, the 99th percentile 1.16, the most
    /// 1.18 (of 34 nodes 1.22); at 200 nodes 1.15, 1.39 and 1.45.
    func test_joinAndLeave_1To200Nodes_moveFewPlaces() {
        var firstsUpTo50: [Double] = []
        for size in [1, 2, 3, 4, 5, 7, 12, 20, 33, 49, 99, 199] {
            let small = targets(size)
            let large = targets(size + 1)
            assertBalanced(large)
            let moved = Moves(from: small, to: large)
            let least = Self.slots / Double(size + 1)
            let leastPlaces = least * Double(large.replicas)
            let firsts = Double(moved.firsts) / least
            XCTAssertLessThanOrEqual(Double(moved.arrivals), 1.25 * leastPlaces, "\(size) + 1 nodes")
            XCTAssertLessThanOrEqual(Double(moved.departures), 1.25 * leastPlaces, "\(size + 1) - 1 nodes")
            XCTAssertLessThanOrEqual(firsts, size < 50 ? 1.25 : 1.5, "\(size) + 1 nodes")
            if size < 50 { firstsUpTo50.append(firsts) }
        }
        XCTAssertLessThanOrEqual(firstsUpTo50.reduce(0, +) / Double(firstsUpTo50.count), 1.10)
    }

    func test_leave_ofAnyNode_movesFewPlaces() {
        let ring = Ring.sample(6)
        let before = Targets(ring: ring, replicas: Self.replicas)
        for record in ring.records {
            var smaller = ring
            smaller.merge(record.with(status: .leaving))
            let after = Targets(ring: smaller, replicas: Self.replicas)
            let moved = Moves(from: before, to: after)
            XCTAssertEqual(after.placesHeld(by: record.node), 0)
            XCTAssertLessThanOrEqual(
                Double(moved.arrivals), 1.25 * Self.slots * Double(Self.replicas) / 6, "\(record.node)")
            XCTAssertLessThanOrEqual(Double(moved.firsts), 1.15 * Self.slots / 6, "\(record.node)")
        }
    }

    func test_zones_asManyAsReplicas_areDistinctInEverySlot() {
        for (nodes, zones) in [(3, 3), (4, 3), (5, 3), (5, 5), (6, 5), (7, 3), (7, 5), (20, 4), (50, 3)] {
            let zone = { (node: Int) in "zone-\(node % zones)" }
            let ring = Ring.sample(nodes, zone: zone)
            let targets = Targets(ring: ring, replicas: Self.replicas)
            assertZones(of: targets, in: ring, count: Self.replicas)
            XCTAssertEqual(targets.relaxed, Targets.Relaxed(), "\(nodes) nodes, \(zones) zones")
        }
    }

    func test_zones_fewerThanReplicas_areAllInEverySlot() {
        let ring = Ring.sample(9, zone: { "zone-\($0 % 2)" })
        let targets = Targets(ring: ring, replicas: Self.replicas)
        assertZones(of: targets, in: ring, count: 2)
        XCTAssertEqual(targets.relaxed, Targets.Relaxed())
        assertBalanced(targets, slack: 1.25)  // four nodes must have half of all places
    }

    /// One node in a zone of its own beside 19: it is not given a replica of every slot.
    func test_zones_oneTooSmall_relaxesZonesAndReportsIt() {
        let ring = Ring.sample(20, zone: { $0 == 0 ? "small" : "large" })
        let targets = Targets(ring: ring, replicas: Self.replicas)
        let small = ring.records[0].node
        let mean = Self.slots * Double(Self.replicas) / 20
        XCTAssertLessThanOrEqual(Double(targets.placesHeld(by: small)), 2.2 * mean + 1)
        XCTAssertEqual(targets.relaxed.zoneSlots, Slot.count - targets.placesHeld(by: small))
        XCTAssertEqual(targets.relaxed.loadSlots, 0)
    }

    func test_weights_anyMixture_givesPlacesByWeight() {
        let ring = Ring.sample(12, weight: { UInt16($0 % 4 + 1) })
        let targets = Targets(ring: ring, replicas: Self.replicas)
        let places = Self.slots * Double(Self.replicas)
        for record in ring.records {
            let share = Double(record.weight) / 30
            let held = Double(targets.placesHeld(by: record.node))
            let firsts = Double(targets.firstPlacesHeld(by: record.node))
            XCTAssertLessThanOrEqual(held, 1.10 * places * share + 1, "\(record.node)")
            XCTAssertGreaterThanOrEqual(held, 0.75 * places * share, "\(record.node)")
            XCTAssertLessThanOrEqual(firsts, 1.10 * Self.slots * share + 1, "\(record.node)")
        }
        XCTAssertEqual(targets.relaxed, Targets.Relaxed())
    }

    /// A node holds a slot once, however heavy it is: the others share what it cannot take.
    func test_weights_oneHeavierThanAllOthers_holdsEverySlotAndTheOthersShareTheRest() {
        let ring = Ring.sample(5, weight: { $0 == 0 ? 64 : 1 })
        let targets = Targets(ring: ring, replicas: Self.replicas)
        XCTAssertGreaterThan(targets.placesHeld(by: ring.records[0].node), Slot.count * 9 / 10)
        for record in ring.records.dropFirst() {
            let held = Double(targets.placesHeld(by: record.node))
            XCTAssertLessThanOrEqual(held, 1.10 * Self.slots * 2 / 4 + 1, "\(record.node)")
        }
        XCTAssertEqual(targets.relaxed, Targets.Relaxed())
    }

    private func targets(_ nodes: Int) -> Targets {
        Targets(ring: .sample(nodes), replicas: Self.replicas)
    }

    private func assertBalanced(
        _ targets: Targets, slack: Double = 1.10, file: StaticString = #filePath, line: UInt = #line
    ) {
        let count = Double(targets.members.count)
        let places = slack * Self.slots * Double(targets.replicas) / count + 1
        let firsts = 1.10 * Self.slots / count + 1
        for member in targets.members {
            let held = Double(targets.placesHeld(by: member.node))
            let led = Double(targets.firstPlacesHeld(by: member.node))
            XCTAssertLessThanOrEqual(held, places, "\(member) of \(count)", file: file, line: line)
            XCTAssertLessThanOrEqual(led, firsts, "\(member) of \(count)", file: file, line: line)
        }
        XCTAssertEqual(targets.relaxed, Targets.Relaxed(), "\(count) nodes", file: file, line: line)
    }

    private func assertZones(
        of targets: Targets, in ring: Ring, count: Int, file: StaticString = #filePath, line: UInt = #line
    ) {
        let zones = Dictionary(uniqueKeysWithValues: ring.records.map { ($0.member, $0.zone) })
        for slot in Slot.all where Set(targets[slot].map { zones[$0] }).count != count {
            return XCTFail("slot \(slot): \(targets[slot])", file: file, line: line)
        }
    }
}

/// What differs between two tables.
private struct Moves {
    /// Places that a node gets, places that a node loses, slots that another node should lead.
    var arrivals = 0
    var departures = 0
    var firsts = 0

    init(from old: Targets, to new: Targets) {
        for slot in Slot.all {
            let (before, after) = (old[slot], new[slot])
            arrivals += after.count { !before.contains($0) }
            departures += before.count { !after.contains($0) }
            if before[0] != after[0] { firsts += 1 }
        }
    }
}
