import Protocol
import XCTest

@testable import Cluster

/// A copy is given up, and a leave ends with 0, only when the new members' copies are complete and equal.
final class DropTests: XCTestCase {
    private let nodes = TestNodes()

    private func writeAll(_ host: TestHost, line: UInt = #line) {
        for key in TestNodes.keys {
            guard case .written = nodes.ask(host, .set(value: key, ttlMilliseconds: nil), key) else {
                return XCTFail("a key is not written", line: line)
            }
        }
    }

    /// Four nodes, each slot on three.
    private func ring(_ change: (inout NodeSettings) -> Void = { _ in }) -> [TestHost] {
        var settings = (1...4).map { TestNodes.settings($0) }
        for index in settings.indices { change(&settings[index]) }
        let first = nodes.found(settings[0])
        for other in settings.dropFirst() { nodes.join(other, through: first) }
        XCTAssertTrue(nodes.run(until: { self.nodes.hosts.allSatisfy { $0.readyIn != nil } }))
        XCTAssertTrue(nodes.run(until: { self.nodes.areAtRest(self.nodes.hosts) }))
        writeAll(first)
        return nodes.hosts
    }

    private func isMember(_ host: TestHost, of slot: Slot) -> Bool {
        host.node?.replicator.replica(slot).isMember(host.settings.member) == true
    }

    /// One member of a slot has a copy that differs when another one leaves.
    /// - Returns: how many different copies there are once that has left.
    private func copiesAfterALeave(_ change: (inout NodeSettings) -> Void = { _ in }) throws -> Int {
        let ring = ring(change)
        for slot in TestNodes.slots {
            guard let left = ring.last(where: { isMember($0, of: slot) && !isPrimary($0, of: slot) }),
                let spoilt = ring.first(where: { isMember($0, of: slot) && !isPrimary($0, of: slot) && $0 !== left })
            else { continue }
            spoilt.spoil(slot, by: "x")
            nodes.turn(left) { $0.leave() }
            XCTAssertTrue(nodes.run(until: { left.exitCode != nil }))
            XCTAssertEqual(left.exitCode, 0)
            XCTAssertTrue(left.notices.contains { $0.contains("with equal digests") })
            return Set(ring.filter { $0 !== left && isMember($0, of: slot) }.compactMap { $0.digest(of: slot) }).count
        }
        XCTFail("no slot with two backups")
        return 0
    }

    private func isPrimary(_ host: TestHost, of slot: Slot) -> Bool {
        host.node?.replicator.replica(slot).leadership != nil
    }

    func test_leave_whileANewMemberDiffers_endsWithEqualCopies() throws {
        XCTAssertEqual(try copiesAfterALeave(), 1)
    }

    #if DEFECTS
        func test_leave_withoutComparing_mayEndWithCopiesThatDiffer() throws {
            XCTAssertEqual(try copiesAfterALeave { $0.replication.defect = .dropWithoutComparing }, 2)
        }
    #endif

    /// Nobody can tell who is wrong: the one copy that differs is kept.
    func test_leave_withACopyThatDiffersFromAllOthers_isGivenUpWithItsDataKept() throws {
        let ring = ring { $0.leaveTimeout = .seconds(4) }
        let left = ring[3]
        let slot = try XCTUnwrap(TestNodes.slots.first { isMember(left, of: $0) })
        left.spoil(slot, by: "x")
        nodes.turn(left) { $0.leave() }
        let isSaid = nodes.run(until: {
            left.node?.status().waiting.contains { $0.waitingFor.contains("adds up to something else") } == true
        })
        XCTAssertTrue(isSaid, "\(left.node?.status().waiting ?? [])")
        XCTAssertTrue(nodes.run(until: { left.exitCode != nil }))
        XCTAssertEqual(left.exitCode, 3)
        XCTAssertTrue(left.notices.contains { $0.contains("1 slots are not safe elsewhere yet (drop of 1 slot (\(slot))") })
        XCTAssertNotNil(left.store.entry(in: slot, key: Array("spoilt".utf8)))
    }

    /// Who has left is not waited for: it ends when somebody knows, not before.
    func test_leave_whileNobodyHears_waitsUntilSomebodyDoes() {
        let ring = ring()
        let left = ring[3]
        nodes.turn(left) { $0.leave() }
        XCTAssertTrue(nodes.run(until: { left.node?.phase == .left }))
        nodes.isSilenced = { $0 === left }
        nodes.run(for: .seconds(4))
        XCTAssertTrue(left.isRunning)
        XCTAssertTrue(left.node?.status().waiting.contains { $0.what == "farewell" } == true)
        nodes.isSilenced = { _ in false }
        XCTAssertTrue(nodes.run(until: { left.exitCode != nil }, within: .seconds(3)))
        XCTAssertEqual(left.exitCode, 0)
        XCTAssertTrue(ring[0..<3].contains { $0.node?.ring.record(of: left.id)?.status == .gone })
    }

    func test_leave_whileNobodyIsThere_endsAllTheSameAndSaysSo() {
        let ring = ring()
        let left = ring[3]
        nodes.turn(left) { $0.leave() }
        XCTAssertTrue(nodes.run(until: { left.node?.phase == .left }))
        nodes.isSilenced = { $0 === left }
        XCTAssertTrue(nodes.run(until: { left.exitCode != nil }, within: .seconds(12)))
        XCTAssertEqual(left.exitCode, 0)
        XCTAssertTrue(left.notices.contains { $0.contains("nobody has heard of it: have it forgotten (FORGET node4)") })
    }
}
