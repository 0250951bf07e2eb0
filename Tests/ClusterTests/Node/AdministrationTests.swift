import Protocol
import XCTest

@testable import Cluster

/// What operators ask for.
final class AdministrationTests: XCTestCase {
    private let nodes = TestNodes()

    /// - Returns: what it came to.
    private func administer(_ text: String, at host: TestHost) -> AdministrationAnswer? {
        var answer: AdministrationAnswer?
        nodes.turn(host) {
            $0.onAdministered = { _, new in answer = new }
            $0.administer(text, token: 1)
        }
        nodes.run(until: { answer != nil }, within: .seconds(4))
        return answer
    }

    private func words(_ answer: AdministrationAnswer?) -> String {
        switch answer {
        case .done(let text): text
        case .refused(let text): "refused: \(text)"
        case nil: "no answer"
        }
    }

    private func writeAll(_ host: TestHost, line: UInt = #line) {
        for key in TestNodes.keys {
            guard case .written = nodes.ask(host, .set(value: key, ttlMilliseconds: nil), key) else {
                return XCTFail("a key is not written", line: line)
            }
        }
    }

    private func isDead(_ host: TestHost, at other: TestHost) -> Bool {
        other.node?.membership?.liveness(of: host.id) == .dead
    }

    func test_forget_whoIsUnknownOrAliveOrItself_isRefused() {
        let ring = nodes.makeRing(2)
        XCTAssertEqual(words(administer("FORGET x", at: ring[0])), "refused: there is no node x in this ring")
        XCTAssertTrue(words(administer("FORGET node1", at: ring[0])).hasPrefix("refused: a node does not forget itself"))
        XCTAssertTrue(words(administer("FORGET node2", at: ring[0])).hasPrefix("refused: node2 is alive; have it leave"))
        XCTAssertTrue(words(administer("FORGET", at: ring[0])).hasPrefix("refused: unknown command"))
        XCTAssertTrue(ring[1].isRunning)
    }

    func test_forget_theDead_isForEver() throws {
        let ring = nodes.makeRing(3)
        nodes.kill(ring[2])
        XCTAssertTrue(nodes.run(until: { self.isDead(ring[2], at: ring[0]) }))
        XCTAssertEqual(
            words(administer("forget node3", at: ring[0])), "node3 is out of the ring for ever, with the disk that it has")
        XCTAssertEqual(words(administer("FORGET node3", at: ring[0])), "node3 is out of the ring for ever already")
        let again = try nodes.restart(ring[2])
        nodes.run(until: { again.exitCode != nil }, within: .seconds(20))
        XCTAssertEqual(again.exitCode, 1)
    }

    /// Two of three are lost for ever.
    private func maimedRing() -> TestHost {
        let ring = nodes.makeRing(3)
        writeAll(ring[0])
        for host in ring[1...] { nodes.kill(host) }
        XCTAssertTrue(nodes.run(until: { ring[1...].allSatisfy { self.isDead($0, at: ring[0]) } }))
        XCTAssertTrue(words(administer("REPAIR -accept-loss", at: ring[0])).hasPrefix("no slot of the nodes that"))
        for host in ring[1...] { _ = administer("FORGET \(host.id)", at: ring[0]) }
        return ring[0]
    }

    func test_lostMajority_quorumIsUnavailableAtOnceWithTheReason_oneIsServed() {
        let left = maimedRing()
        let key = TestNodes.keys[0]
        let begin = nodes.now
        guard case .unavailable(let reason) = nodes.ask(left, .get, key) else { return XCTFail("answered") }
        XCTAssertLessThan(nodes.now.since(begin), .seconds(1))
        XCTAssertTrue(reason.contains("slot \(Slot(key: key)) lost its majority: members node"), reason)
        guard case .found(let entry) = nodes.ask(left, .get, key, at: .one) else { return XCTFail("not at one") }
        XCTAssertEqual(entry.value, key)
        let waiting = left.node?.status().waiting ?? []
        XCTAssertTrue(waiting.contains { $0.what.hasPrefix("repair of") && $0.waitingFor.hasPrefix("an operator") })
    }

    func test_repair_onlyOnTheOperatorsWord_beginsAnewFromWhatIsLeft() throws {
        let left = maimedRing()
        let listed = words(administer("REPAIR", at: left))
        XCTAssertTrue(listed.contains("lost node2, node3; node1 has all up to"), listed)
        XCTAssertTrue(listed.contains("REPAIR -accept-loss begins these slots anew"), listed)
        nodes.run(for: .seconds(5))
        XCTAssertEqual(left.node?.replicator.configuration(of: TestNodes.slots[0])?.repair, nil)

        let done = words(administer("REPAIR -accept-loss", at: left))
        XCTAssertTrue(done.contains("\(TestNodes.slots.count) slots begin anew"), done)
        XCTAssertTrue(nodes.run(until: { left.node?.replicator.slotsWithoutMajority == 0 }))
        let configuration = try XCTUnwrap(left.node?.replicator.configuration(of: TestNodes.slots[0]))
        XCTAssertEqual(configuration.repair?.lost.map(\.node.text).sorted(), ["node2", "node3"])
        for key in TestNodes.keys {
            guard case .found(let entry) = nodes.ask(left, .get, key) else { return XCTFail("not found") }
            XCTAssertEqual(entry.value, key)
        }
        writeAll(left)
    }

    /// Found by a seed: the power went when the repair had been accepted and decided, and the decision was not on disk.
    func test_repair_whoseDecisionIsForgotten_isCarriedOnWithoutAnotherWord() throws {
        let left = maimedRing()
        _ = administer("REPAIR -accept-loss", at: left)
        let slot = TestNodes.slots[0]
        XCTAssertTrue(nodes.run(until: { left.node?.replicator.configuration(of: slot)?.repair != nil }))
        nodes.kill(left)
        let again = try nodes.restart(left)
        XCTAssertNil(again.node?.replicator.configuration(of: slot)?.repair)
        XCTAssertTrue(nodes.run(until: { again.node?.replicator.slotsWithoutMajority == 0 }))
        writeAll(again)
    }

    /// The only copy that is left was under way when those that it came from were lost.
    func test_repair_withoutACompleteCopy_onlyOnAnotherWord_beginsWithWhatThereIs() throws {
        let ring = nodes.makeRing(3)
        writeAll(ring[0])
        for host in ring[1...] { nodes.kill(host) }
        let left = ring[0]
        let slot = Slot(key: TestNodes.keys[0])
        let replica = try XCTUnwrap(left.node?.replicator.replica(slot))
        replica.holding = .partial
        replica.heldEpoch = 0
        left.node?.replicator.saveRecord(of: replica)
        left.store.remove(key: TestNodes.keys[0], in: slot)
        XCTAssertTrue(nodes.run(until: { ring[1...].allSatisfy { self.isDead($0, at: left) } }))
        for host in ring[1...] { _ = administer("FORGET \(host.id)", at: left) }

        let listed = words(administer("REPAIR", at: left))
        XCTAssertTrue(listed.contains("node1 has a part of a copy that was under way"), listed)
        XCTAssertTrue(listed.contains("1 of them have no complete copy left: REPAIR -accept-incomplete"), listed)
        let accepted = words(administer("REPAIR -accept-loss", at: left))
        XCTAssertTrue(accepted.contains("1 slots stay as they are"), accepted)
        nodes.run(for: .seconds(3))
        XCTAssertEqual(left.node?.replicator.slotsWithoutMajority, 1)

        let done = words(administer("REPAIR -accept-incomplete", at: left))
        XCTAssertTrue(done.contains("1 slots begin anew"), done)
        XCTAssertTrue(nodes.run(until: { left.node?.replicator.slotsWithoutMajority == 0 }))
        let configuration = try XCTUnwrap(left.node?.replicator.configuration(of: slot))
        XCTAssertEqual(configuration.repair?.source, left.settings.member)
        XCTAssertEqual(nodes.ask(left, .get, TestNodes.keys[0]), .notFound)
        writeAll(left)
        // What came before may have been done: nobody knows.
        let retry = ClientRequest(id: RequestID(origin: 5, number: 5), isRetry: true)
        let token = nodes.submit(left, .add(1), TestNodes.keys[0], as: retry)
        nodes.run(until: { left.answers[token] != nil }, within: .seconds(4))
        guard case .unavailable(let reason) = left.answers[token] else { return XCTFail("done again") }
        XCTAssertTrue(reason.hasSuffix("outcome unknown"), reason)
    }

    /// Nobody who was a member is left, and nobody has anything.
    func test_repair_withoutAnyCopy_beginsEmpty() throws {
        let first = nodes.found(TestNodes.settings(1, replicas: 1))
        let second = nodes.join(TestNodes.settings(2, replicas: 1), through: first)
        XCTAssertTrue(nodes.run(until: { [first, second].allSatisfy { $0.readyIn != nil } }))
        XCTAssertTrue(nodes.run(until: { self.nodes.areAtRest([first, second]) }))
        writeAll(first)
        let lost = try XCTUnwrap(nodes.hosts.first { ($0.node?.replicator.slotsHeld ?? 0) > 0 })
        let left = try XCTUnwrap(nodes.hosts.first { $0 !== lost })
        let slots = TestNodes.slots.filter { lost.node?.replicator.replica($0).isMember(lost.settings.member) == true }
        nodes.kill(lost)
        XCTAssertTrue(nodes.run(until: { self.isDead(lost, at: left) }))
        _ = administer("FORGET \(lost.id)", at: left)
        XCTAssertTrue(words(administer("REPAIR", at: left)).contains("slot \(slots[0]): lost \(lost.id); no copy is left"))
        XCTAssertTrue(words(administer("REPAIR -accept-incomplete", at: left)).contains("\(slots.count) slots begin anew"))
        XCTAssertTrue(nodes.run(until: { left.node?.replicator.slotsWithoutMajority == 0 }))
        writeAll(left)
    }

    func test_repair_unknownWords_areRefused() {
        let ring = nodes.makeRing(1)
        for text in ["REPAIR x", "REPAIR -take", "REPAIR -accept-loss node1", "REPAIR -take a b"] {
            XCTAssertTrue(words(administer(text, at: ring[0])).hasPrefix("refused: unknown command"), text)
        }
    }

    func test_repair_whileANodeIsAwayThatIsNotForgotten_isRefused() {
        let ring = nodes.makeRing(4)
        for host in ring[1...] { nodes.kill(host) }
        XCTAssertTrue(nodes.run(until: { ring[1...].allSatisfy { self.isDead($0, at: ring[0]) } }))
        for host in ring[1...2] { _ = administer("FORGET \(host.id)", at: ring[0]) }
        let answer = words(administer("REPAIR -accept-loss", at: ring[0]))
        XCTAssertTrue(answer.hasPrefix("refused: no answer from node4") || answer.hasPrefix("no slot"), answer)
    }
}
