import Protocol
import XCTest

@testable import Cluster

/// Slots whose copies differ without a majority.
final class DisputeTests: XCTestCase {
    private let nodes = TestNodes()
    private let key = TestNodes.keys[0]
    private var slot: Slot { Slot(key: key) }

    private func administer(_ text: String, at host: TestHost) -> String {
        var answer: AdministrationAnswer?
        nodes.turn(host) {
            $0.onAdministered = { _, new in answer = new }
            $0.administer(text, token: 1)
        }
        nodes.run(until: { answer != nil }, within: .seconds(4))
        switch answer {
        case .done(let text): return text
        case .refused(let text): return "refused: \(text)"
        case nil: return "no answer"
        }
    }

    /// Three nodes with three different copies, and the primary among them.
    private func differingRing() throws -> (ring: [TestHost], primary: TestHost) {
        let ring = nodes.makeRing(3)
        guard case .written = nodes.ask(ring[0], .set(value: [1], ttlMilliseconds: nil), key) else {
            XCTFail("not written")
            return (ring, ring[0])
        }
        XCTAssertTrue(nodes.run(until: { self.nodes.areAtRest(ring) }))
        nodes.run(for: .seconds(1))
        for (index, host) in ring.enumerated() { host.spoil(slot, by: "copy \(index + 1)") }
        let primary = try XCTUnwrap(ring.first { $0.node?.replicator.replica(slot).leadership != nil })
        compare(primary)
        return (ring, primary)
    }

    private func compare(_ primary: TestHost) {
        guard let replica = primary.node?.replicator.replica(slot) else { return }
        replica.nextVouchAt = .zero
        primary.node?.replicator.attend(replica)
    }

    private func isStopped(_ host: TestHost) -> Bool { host.node?.replicator.replica(slot).isDisputed == true }

    private func refusal(_ outcome: Outcome?) -> String {
        if case .unavailable(let reason) = outcome { reason } else { "\(String(describing: outcome))" }
    }

    /// Found by a seed: the verdict of a third member came after the copy had been mended, and the copy of the primary
    /// had rotted meanwhile.
    func test_mend_ofACopyThatIsNotKnownToDiffer_isNotDone() throws {
        let ring = nodes.makeRing(3)
        let primary = try XCTUnwrap(ring.first { $0.node?.replicator.replica(slot).leadership != nil })
        let member = try XCTUnwrap(ring.first { $0 !== primary })
        let replica = try XCTUnwrap(member.node?.replicator.replica(slot))
        let mend = PeerMessage.mend(SlotEpoch(slot: slot, epoch: replica.epoch))
        nodes.turn(member) { $0.onMessage(mend, from: primary.id) }
        XCTAssertFalse(replica.isUnsound)
        member.spoil(slot, by: "another copy")
        compare(primary)
        XCTAssertTrue(nodes.run(until: { replica.isDisputed }))
        nodes.turn(member) { $0.onMessage(mend, from: primary.id) }
        XCTAssertTrue(replica.isUnsound)
    }

    func test_threeDifferentCopies_takeNoWritesAndNoQuorumReads_andSaySo() throws {
        let (ring, primary) = try differingRing()
        XCTAssertTrue(nodes.run(until: { self.isStopped(primary) }))
        for host in ring {
            for operation in [Operation.set(value: [2], ttlMilliseconds: nil), .get] {
                let begin = nodes.now
                let reason = refusal(nodes.ask(host, operation, key))
                XCTAssertTrue(reason.hasPrefix("slot \(slot) is stopped: its copies differ, and no digest has"), reason)
                XCTAssertTrue(reason.hasSuffix("see REPAIR"), reason)
                XCTAssertLessThan(nodes.now.since(begin), .seconds(1))
            }
            guard case .found(let entry) = nodes.ask(host, .get, key, at: .one) else { return XCTFail("not at one") }
            XCTAssertEqual(entry.value, [1])
        }
        let waiting = primary.node?.status().waiting ?? []
        XCTAssertTrue(waiting.contains { $0.what.hasPrefix("agreement of 1 slot") && $0.waitingFor.contains("REPAIR") })
        let other = try XCTUnwrap(TestNodes.keys.first { Slot(key: $0) != slot })
        guard case .written = nodes.ask(primary, .set(value: [3], ttlMilliseconds: nil), other) else {
            return XCTFail("another slot is stopped as well")
        }
    }

    /// Whoever takes over stops as well.
    func test_takeover_ofAStoppedSlot_staysStopped() throws {
        let (ring, primary) = try differingRing()
        XCTAssertTrue(nodes.run(until: { ring.allSatisfy(self.isStopped) }))
        nodes.kill(primary)
        let rest = ring.filter { $0 !== primary }
        XCTAssertTrue(
            nodes.run(until: { rest.contains { $0.node?.replicator.replica(self.slot).leadership?.phase == .open } }))
        XCTAssertTrue(refusal(nodes.ask(rest[0], .get, key)).contains("is stopped"))
    }

    /// Nobody needs to be left who remembers it in memory.
    func test_restartOfAll_ofAStoppedSlot_staysStopped() throws {
        let (ring, _) = try differingRing()
        XCTAssertTrue(nodes.run(until: { ring.allSatisfy(self.isStopped) }))
        nodes.run(for: .seconds(1))
        for host in ring { nodes.kill(host) }
        let back = try ring.map { try nodes.restart($0) }
        XCTAssertTrue(
            nodes.run(until: { back.contains { $0.node?.replicator.replica(self.slot).leadership?.phase == .open } }))
        XCTAssertTrue(refusal(nodes.ask(back[0], .get, key)).contains("is stopped"))
    }

    /// Has a member find its copy wrong, and restart before it hears of the others.
    /// - Parameter spoil: what happens to the copy before.
    private func restartUnsound(_ ring: [TestHost], _ spoil: (TestHost) -> Void = { _ in }) throws -> (TestHost, Replica) {
        XCTAssertTrue(nodes.run(until: { self.nodes.areAtRest(ring) }))
        nodes.run(for: .seconds(1))
        let member = try XCTUnwrap(ring.first { $0.node?.replicator.replica(slot).leadership == nil })
        nodes.isSilenced = { $0 !== member }
        let replicator = try XCTUnwrap(member.node?.replicator)
        spoil(member)
        nodes.turn(member) { _ in replicator.becomeUnsound(replicator.replica(slot), "has rotted") }
        nodes.run(for: .milliseconds(100))
        nodes.kill(member)
        let again = try nodes.restart(member)
        return (again, try XCTUnwrap(again.node?.replicator.replica(slot)))
    }

    /// It may be right again, and the others wrong.
    func test_restart_ofAnUnsoundCopy_isInDoubt_untilItIsCompared() throws {
        let ring = nodes.makeRing(3)
        let (again, replica) = try restartUnsound(ring)
        XCTAssertFalse(replica.isUnsound)
        XCTAssertTrue(replica.isDisputed)
        nodes.isSilenced = { _ in false }
        let primary = try XCTUnwrap(ring.first { $0.node?.replicator.replica(slot).leadership != nil })
        XCTAssertTrue(nodes.run(until: { self.nodes.areAtRest([again, primary]) }))
        compare(primary)
        XCTAssertTrue(nodes.run(until: { !replica.isDisputed }))
        XCTAssertFalse(replica.isUnsound)
    }

    /// What it holds is not what it counted with each write.
    func test_restart_ofACopyThatHasRotted_isStillUnsound() throws {
        let ring = nodes.makeRing(3)
        guard case .written = nodes.ask(ring[0], .set(value: [1], ttlMilliseconds: nil), key) else {
            return XCTFail("not written")
        }
        let (again, replica) = try restartUnsound(ring) { member in
            let rotten = Entry(
                value: [9], version: Version(epoch: 1, sequence: 1), timestamp: Timestamp(milliseconds: 1), expiry: nil)
            member.store.put(rotten, key: key, in: slot)
        }
        XCTAssertTrue(replica.isUnsound)
        nodes.isSilenced = { _ in false }
        XCTAssertTrue(nodes.run(until: { !replica.isUnsound }))
        XCTAssertEqual(again.store.entry(in: slot, key: key)?.value, [1])
    }

    func test_repair_takeTheFirst_makesAllEqualToItsCopy() throws { try checkTaking(0) }
    func test_repair_takeTheSecond_makesAllEqualToItsCopy() throws { try checkTaking(1) }
    func test_repair_takeTheThird_makesAllEqualToItsCopy() throws { try checkTaking(2) }

    private func checkTaking(_ chosen: Int) throws {
        let (ring, primary) = try differingRing()
        XCTAssertTrue(nodes.run(until: { self.isStopped(primary) }))
        let listed = administer("REPAIR", at: ring[0])
        XCTAssertTrue(listed.contains("slot \(slot): its copies differ, its primary is \(primary.id)"), listed)
        for host in ring { XCTAssertTrue(listed.contains("\(host.id) has 2 keys up to"), listed) }
        XCTAssertTrue(listed.contains("REPAIR -take NODE"), listed)
        XCTAssertTrue(administer("REPAIR -accept-loss", at: ring[0]).hasPrefix("refused: nothing was done"))
        let done = administer("REPAIR -take \(ring[chosen].id)", at: ring[0])
        XCTAssertTrue(done.contains("1 slots begin anew"), done)
        XCTAssertTrue(
            nodes.run(until: { Set(ring.map { $0.digest(of: self.slot) }).count == 1 && !self.isStopped(primary) }))
        guard case .written = nodes.ask(ring[0], .set(value: [2], ttlMilliseconds: nil), key) else {
            return XCTFail("it does not go on")
        }
        nodes.run(for: .seconds(1))
        for host in ring {
            XCTAssertEqual(
                host.store.entry(in: slot, key: Array("spoilt".utf8))?.value, Array("copy \(chosen + 1)".utf8))
        }
    }

    func test_oneThatIsAlone_isMendedWithoutAStop() throws {
        let ring = nodes.makeRing(3)
        XCTAssertTrue(nodes.run(until: { self.nodes.areAtRest(ring) }))
        for wrong in ring {
            let primary = try XCTUnwrap(ring.first { $0.node?.replicator.replica(slot).leadership != nil })
            wrong.spoil(slot, by: "alone")
            compare(primary)
            XCTAssertTrue(nodes.run(until: { Set(ring.map { $0.digest(of: self.slot) }).count == 1 }))
            XCTAssertFalse(ring.contains { $0.notices.contains { $0.contains("no digest has a majority") } })
            XCTAssertNil(wrong.store.entry(in: slot, key: Array("spoilt".utf8)))
            nodes.run(for: .seconds(1))
        }
    }
}
