import Protocol
import XCTest

@testable import Cluster

final class RingNodeTests: XCTestCase {
    private let nodes = TestNodes()

    private func writeAll(_ host: TestHost) {
        for key in TestNodes.keys {
            guard case .written = nodes.ask(host, .set(value: key, ttlMilliseconds: nil), key) else {
                return XCTFail("\(String(decoding: key, as: UTF8.self)) is not written")
            }
        }
    }

    private func assertReadsAll(_ host: TestHost, line: UInt = #line) {
        for key in TestNodes.keys {
            guard case .found(let entry) = nodes.ask(host, .get, key) else {
                return XCTFail("\(String(decoding: key, as: UTF8.self)) is not found", line: line)
            }
            XCTAssertEqual(entry.value, key, line: line)
        }
    }

    private func status(of node: TestHost, at other: TestHost) -> RingRecord.Status? {
        other.ringRecords.first { $0.node == node.id }?.status
    }

    private func assertEnds(
        _ host: TestHost, code: Int32, saying words: String, within span: Duration = .seconds(10),
        line: UInt = #line
    ) {
        nodes.run(until: { host.exitCode != nil }, within: span)
        XCTAssertEqual(host.exitCode, code, line: line)
        XCTAssertEqual(host.node?.phase, .over, line: line)
        XCTAssertEqual(host.node?.exitCode, code, line: line)
        XCTAssertTrue(
            host.notices.contains { $0.contains(words) }, "\(host.notices.suffix(5))", line: line)
    }

    // MARK: Beginning

    func test_found_alone_isReadyAndServes() {
        let host = nodes.makeRing(1)[0]
        XCTAssertEqual(host.readyIn, 1)
        XCTAssertEqual(host.remembered?.ring, TestNodes.ring)
        XCTAssertEqual(host.remembered?.incarnation, 1)
        writeAll(host)
        assertReadsAll(host)
    }

    // MARK: Targets

    func test_targetsThatTakeLong_areAskedForOneByOne_andNothingElseWaitsForThem() {
        let hosts = nodes.makeRing(3)
        for host in hosts { host.delaysTargets = true }
        let before = hosts.map { $0.node?.replicator.targets.ringDigest }
        for number in 4...6 { nodes.join(TestNodes.settings(number), through: hosts[0]) }
        nodes.run(until: { hosts.allSatisfy { $0.ringRecords.count == 6 } })
        writeAll(hosts[0])
        assertReadsAll(hosts[1])
        XCTAssertEqual(hosts.map(\.targetsAskedFor.count), [1, 1, 1])
        XCTAssertEqual(hosts.map { $0.node?.replicator.targets.ringDigest }, before)

        // What was asked for before the others came counts until the next one is there.
        let asked = hosts.map { $0.targetsAskedFor[0].digest }
        for host in hosts { nodes.turn(host) { _ in host.endTargets() } }
        XCTAssertEqual(hosts.map { $0.node?.replicator.targets.ringDigest }, asked)
        nodes.run(until: {
            for host in hosts where !host.targetsAskedFor.isEmpty { nodes.turn(host) { _ in host.endTargets() } }
            return nodes.hosts.allSatisfy { $0.readyIn == 6 || $0.node?.unreadiness == nil && $0.ringRecords.count == 6 }
        })
        XCTAssertEqual(Set(nodes.hosts.map { $0.node?.replicator.targets.ringDigest }).count, 1)
        assertReadsAll(nodes.hosts[5])
    }

    /// What was learned before a start is asked about again once it is known that it is not wanted.
    func test_learnersCopy_beforeTargetsAreKnown_isNotSuperfluous() throws {
        let replicator = try XCTUnwrap(nodes.makeRing(4)[0].node?.replicator)
        let slot = try XCTUnwrap(TestNodes.slots.first { !replicator.targets.places($0, at: replicator.me.node) })
        let replica = replicator.replica(slot)
        replica.holding = .partial
        replica.invitedEpoch = replica.epoch
        XCTAssertTrue(replicator.isSuperfluous(replica))
        replicator.targets = Targets(ring: Ring(), replicas: 3)
        XCTAssertFalse(replicator.isSuperfluous(replica))
    }

    func test_foundSlots_beforeBegin_namesNoRing() {
        let host = TestHost(TestNodes.settings(1))
        host.start(seed: 1, now: nodes.now)
        host.node?.foundSlots(TestNodes.slots)
        XCTAssertNil(host.remembered)
        XCTAssertEqual(host.node?.phase, .joining)
        XCTAssertGreaterThan(host.store.commit(mustSync: true), 1, "the slots are a batch of their own")
        host.node?.begin(TestNodes.ring)
        XCTAssertEqual(host.remembered?.ring, TestNodes.ring)
        XCTAssertEqual(host.node?.phase, .catchingUp)
    }

    func test_join_throughALink_becomesReadyWithItsShare() {
        let ring = nodes.makeRing(1)
        writeAll(ring[0])
        let second = nodes.join(TestNodes.settings(2), through: ring[0])
        XCTAssertEqual(second.node?.phase, .joining)
        XCTAssertTrue(nodes.run(until: { second.readyIn != nil }))
        XCTAssertEqual(second.readyIn, 2)
        XCTAssertTrue(second.wasWhole)
        XCTAssertEqual(second.node?.replicator.slotsHeld, TestNodes.slots.count)
        XCTAssertEqual(second.node?.linkedNodes, [ring[0].id])
        assertReadsAll(second)
        let third = nodes.join(TestNodes.settings(3), through: second)
        XCTAssertTrue(nodes.run(until: { third.readyIn != nil }))
        XCTAssertEqual(third.node?.linkedNodes, [ring[0].id, second.id])
        XCTAssertEqual(Set(nodes.hosts.map { $0.node!.membership!.digest }).count, 1)
    }

    func test_join_linkToNobody_waits() {
        let host = TestHost(TestNodes.settings(1))
        host.start(seed: 1, now: nodes.now)
        nodes.turn(host) { $0.onTick() }
        XCTAssertEqual(host.node?.phase, .joining)
        XCTAssertNil(host.remembered)
        nodes.turn(host) { $0.leave() }
        XCTAssertEqual(host.exitCode, 0)
    }

    func test_join_incarnationCannotBeKept_ends() {
        let ring = nodes.makeRing(1)
        let second = nodes.join(TestNodes.settings(2), through: ring[0])
        second.rememberFailure = StoreError("no room")
        assertEnds(second, code: 1, saying: "no room")
        XCTAssertNil(second.node?.membership)
    }

    func test_resume_afterACrash_isReadyUnderAHigherIncarnation() throws {
        let ring = nodes.makeRing(3)
        writeAll(ring[0])
        let before = try XCTUnwrap(ring[2].remembered?.incarnation)
        nodes.kill(ring[2])
        nodes.run(for: .milliseconds(500))
        XCTAssertEqual(ring[0].node?.linkedNodes, [ring[1].id])
        let back = try nodes.restart(ring[2])
        XCTAssertEqual(back.node?.phase, .catchingUp)
        XCTAssertGreaterThan(try XCTUnwrap(back.remembered?.incarnation), before)
        XCTAssertTrue(nodes.run(until: { back.readyIn != nil }))
        assertReadsAll(back)
    }

    func test_resume_wholeRing_servesWhatItHad() throws {
        let ring = nodes.makeRing(3)
        writeAll(ring[1])
        for host in ring { nodes.kill(host) }
        for host in ring { _ = try nodes.restart(host) }
        XCTAssertTrue(nodes.run(until: { self.nodes.hosts.allSatisfy { $0.readyIn == 3 } }))
        assertReadsAll(nodes.hosts[0])
    }

    func test_resume_withoutWordOfOthers_isNotReady() throws {
        let ring = nodes.makeRing(2)
        for host in ring { nodes.kill(host) }
        let first = try nodes.restart(ring[0])
        nodes.run(for: .seconds(3))
        XCTAssertEqual(first.node?.phase, .catchingUp)
        _ = try nodes.restart(ring[1])
        XCTAssertTrue(nodes.run(until: { self.nodes.hosts.allSatisfy { $0.readyIn == 2 } }))
    }

    func test_resume_otherReplicas_isRefused() {
        let ring = nodes.makeRing(1)
        nodes.kill(ring[0])
        XCTAssertThrowsError(try nodes.restart(ring[0], TestNodes.settings(1, replicas: 2))) { error in
            XCTAssertEqual(
                (error as? StoreError)?.message,
                "this ring keeps 3 replicas, you said 2: start with -replicas 3")
        }
    }

    func test_resume_damagedRecords_isRefused() {
        let ring = nodes.makeRing(1)
        ring[0].store.setMeta(.ring, to: [1, 3, 0xFF])
        _ = ring[0].store.commit(mustSync: true)
        nodes.run(for: .seconds(1))
        nodes.kill(ring[0])
        XCTAssertThrowsError(try nodes.restart(ring[0])) { error in
            let message = (error as? StoreError)?.message ?? ""
            XCTAssertTrue(message.hasPrefix("the data folder is damaged: ring records"), message)
        }
    }

    // MARK: Broken links

    func test_submit_linkBreaksUnderWay_isSentAgain() {
        let ring = nodes.makeRing(3)
        for key in TestNodes.keys {
            for host in ring {
                let token = nodes.submit(host, .set(value: key, ttlMilliseconds: nil), key)
                nodes.closeLinks(of: host)
                nodes.run(until: { host.answers[token] != nil }, within: .seconds(4))
                guard case .written = host.answers[token] else { return XCTFail("not written") }
            }
        }
    }

    /// Sooner than its silence alone would tell.
    func test_primaryThatNobodyAnswersFor_isTakenOverAtOnce() {
        let ring = nodes.makeRing(3)
        let leader = ring.first { $0.node!.replicator.slotsLed > 0 }!
        let slots = TestNodes.slots.filter {
            leader.node!.replicator.configuration(of: $0)?.primary.node == leader.id
        }
        let other = ring.first { $0 !== leader }!
        nodes.kill(leader)
        let isTakenOver = nodes.run(
            until: {
                slots.allSatisfy { other.node!.replicator.configuration(of: $0)?.primary.node != leader.id }
            }, within: .milliseconds(700))
        XCTAssertTrue(isTakenOver)
    }

    // MARK: Ending

    func test_leave_withOthers_handsOverAndEndsWell() throws {
        let ring = nodes.makeRing(3)
        writeAll(ring[0])
        nodes.turn(ring[0]) { $0.leave() }
        XCTAssertEqual(ring[0].node?.phase, .leaving)
        assertEnds(ring[0], code: 0, saying: "has left the ring", within: .seconds(20))
        XCTAssertEqual(ring[0].node?.replicator.slotsHeld, 0)
        for other in ring[1...] { XCTAssertEqual(status(of: ring[0], at: other), .gone) }
        assertReadsAll(ring[1])
        XCTAssertThrowsError(try nodes.restart(ring[0])) { error in
            XCTAssertEqual(
                (error as? StoreError)?.message,
                "this node left the ring; start with an empty -data folder to join anew (data folder memory)")
        }
    }

    func test_leave_alone_isImpossible() {
        let ring = nodes.makeRing(1)
        nodes.turn(ring[0]) { $0.leave() }
        assertEnds(ring[0], code: 3, saying: "cannot leave: no other node can take its")
    }

    func test_stop_withOthers_givesItsLeadAway() {
        let ring = nodes.makeRing(3)
        let leader = ring.first { $0.node!.replicator.slotsLed > 0 }!
        nodes.turn(leader) { $0.stop() }
        XCTAssertEqual(leader.node?.phase, .stopping)
        nodes.turn(leader) { $0.leave() }
        XCTAssertEqual(leader.node?.phase, .stopping)
        assertEnds(leader, code: 0, saying: "stops; its data stays in memory", within: .seconds(2))
        XCTAssertEqual(leader.node?.replicator.slotsLed, 0)
        for other in ring where other !== leader { XCTAssertEqual(status(of: leader, at: other), .active) }
    }

    // MARK: Who may be in

    func test_join_wrongReplicas_endsWithTheWordsOfTheRing() {
        let ring = nodes.makeRing(1)
        let other = nodes.join(TestNodes.settings(2, replicas: 2), through: ring[0])
        assertEnds(
            other, code: 1,
            saying: "node1 refused this node: this ring keeps 3 replicas, you said 2: start with -replicas 3")
        XCTAssertEqual(ring[0].ringRecords.count, 1)
    }

    func test_join_idInUse_endsTheLaterOne() {
        let ring = nodes.makeRing(2)
        let later = nodes.join(TestNodes.settings(2, disk: 9, port: 9), through: ring[0])
        assertEnds(later, code: 1, saying: "id node2 is in use by a live node")
        XCTAssertTrue(ring[1].isRunning)
    }

    /// Each may be refused because of the other.
    func test_join_twoOfOneIDAtOnce_atMostOneRemains() {
        let ring = nodes.makeRing(2)
        let pair = [8, 9].map {
            nodes.join(TestNodes.settings(3, disk: UInt64($0), port: $0), through: ring[$0 - 8])
        }
        nodes.run(until: { pair.contains { $0.exitCode == 1 } })
        nodes.run(for: .seconds(5))
        XCTAssertLessThan(pair.count(where: \.isRunning), 2)
        XCTAssertTrue(ring.allSatisfy(\.isRunning))
    }

    func test_conflict_whileCatchingUp_endsTheNode() {
        let ring = nodes.makeRing(1)
        let joiner = nodes.join(TestNodes.settings(2), through: ring[0])
        nodes.run(until: { joiner.node?.phase == .catchingUp })
        tell(joiner, of: .sample("node2", disk: 9, port: 9, incarnation: 7), by: ring[0])
        assertEnds(
            joiner, code: 1,
            saying: "id node2 is in use by another node at 127.0.0.1:9; choose another -id")
    }

    func test_conflict_onceReady_isSaidAndNoMore() {
        let ring = nodes.makeRing(2)
        tell(ring[1], of: .sample("node2", disk: 9, port: 9, incarnation: 7), by: ring[0])
        XCTAssertTrue(ring[1].isRunning)
        XCTAssertEqual(
            ring[1].notices.last,
            "id node2 is in use by another node at 127.0.0.1:9: one of the two must be stopped")
    }

    /// It was forgotten while its successor joined, by a node that had not heard of that one.
    func test_forget_ofTheDiskBefore_whileAnotherHasTheID_doesNotEndTheSuccessor() {
        for isReady in [false, true] {
            let nodes = TestNodes()
            let ring = nodes.makeRing(3)
            nodes.kill(ring[2])
            nodes.run(until: { ring[0..<2].allSatisfy { $0.node?.membership?.liveness(of: ring[2].id) == .dead } })
            let old = ring[0].ringRecords.first { $0.node == ring[2].id }!
            nodes.bury(ring[2])
            let successor = nodes.join(TestNodes.settings(3, disk: 9, port: 9), through: ring[0])
            nodes.run(until: { isReady ? successor.node?.phase == .ready : successor.node?.phase == .catchingUp })
            let gone = old.with(status: .gone, incarnation: old.incarnation + 1 << 32)
            nodes.turn(ring[1]) {
                $0.onMessage(.records(.rumors([Rumor(record: gone, liveness: .alive)])), from: ring[0].id)
            }
            nodes.closeLinks(of: successor)
            nodes.run(for: .seconds(10))
            XCTAssertTrue(successor.isRunning, successor.notices.last ?? "")
            XCTAssertEqual(successor.node?.phase, .ready)
            for host in ring[0..<2] {
                let record = host.ringRecords.first { $0.node == ring[2].id }
                XCTAssertEqual(record?.member, successor.settings.member)
                XCTAssertEqual(record?.status, .active)
            }
            XCTAssertFalse(successor.notices.contains { $0.contains("in use by") })
        }
    }

    func test_records_ofAnOlderCopyOfTheFolder_endTheNode() {
        let ring = nodes.makeRing(2)
        tell(ring[1], of: .sample("node2", disk: 2, port: 7002, incarnation: 7), by: ring[0])
        assertEnds(ring[1], code: 1, saying: "is an older copy of the one that the ring knows of node2")
    }

    private func tell(_ host: TestHost, of record: RingRecord, by other: TestHost) {
        let rumor = Rumor(record: record, liveness: .alive)
        nodes.turn(host) { $0.onMessage(.records(.rumors([rumor])), from: other.id) }
    }

    func test_judge_itself_isRefusedAndNoHarm() {
        let ring = nodes.makeRing(1)
        ring[0].seeds = [ring[0].settings.address]
        nodes.run(for: .seconds(1))
        XCTAssertTrue(ring[0].isRunning)
        XCTAssertEqual(ring[0].node?.linkedNodes, [])
    }

    func test_judge_idOfASilentLiveNode_isRefusedButNotForGood() throws {
        let ring = nodes.makeRing(2)
        let stranger = RingRecord.sample("node2", disk: 9, port: 9)
        let hello = Hello(ring: nil, replicas: 3, record: stranger, dialled: nil)
        var answers: [Bool] = []
        for pause in [0, 2_000] {
            let later = nodes.now + .milliseconds(pause)
            ring[0].node?.onTime(later, Timestamp(milliseconds: 0))
            guard case .refused(_, let isFinal) = ring[0].node?.judge(hello) else { return XCTFail("let in") }
            answers.append(isFinal)
        }
        XCTAssertEqual(answers, [true, false])
    }

    func test_status_isAnsweredAndASignOfLife() {
        let ring = nodes.makeRing(2)
        ring[0].messages = []
        ring[0].node?.onTime(nodes.now + .seconds(1), Timestamp(milliseconds: 0))
        ring[0].node?.onMessage(.statusRequest(number: 5), from: ring[1].id)
        ring[0].node?.endTurn()
        XCTAssertTrue(
            ring[0].messages.contains {
                guard case .statusReport(5, let status) = $0.message else { return false }
                return $0.to == ring[1].id && status.holds == UInt32(TestNodes.slots.count)
            })
        XCTAssertEqual(ring[0].node?.replicator.silence(of: ring[1].id), .zero)
    }

    func test_forget_aNode_endsIt() {
        let ring = nodes.makeRing(3)
        nodes.turn(ring[0]) { $0.forget(ring[2].id) }
        assertEnds(ring[2], code: 1, saying: "the ring has forgotten this node")
        XCTAssertTrue(nodes.run(until: { self.status(of: ring[2], at: ring[1]) == .gone }))
        XCTAssertNil(ring[1].wanted[ring[2].id])
    }

    /// Three nodes of which one is evicted keep two copies; one more that is away is said, with what that means.
    func test_eviction_fromARingOfThree_leavesTwoMembers_andTheNextAbsenceIsExplained() {
        let ring = nodes.makeRing(3)
        writeAll(ring[0])
        nodes.kill(ring[2])
        let slot = TestNodes.slots[0]
        XCTAssertTrue(
            nodes.run(until: {
                ring[0..<2].allSatisfy { $0.node?.replicator.configuration(of: slot)?.members.count == 2 }
            }))
        writeAll(ring[0])
        nodes.kill(ring[1])
        guard case .unavailable(let reason) = nodes.ask(ring[0], .get, TestNodes.keys[0]) else { return XCTFail("read") }
        XCTAssertTrue(reason.contains("(of two both are needed); not heard from node2 ("), reason)
        nodes.run(for: .seconds(10))
        let waiting = ring[0].node?.status().waiting ?? []
        XCTAssertTrue(
            waiting.contains {
                $0.what == "eviction of node2"
                    && $0.waitingFor == "a majority of the ring to be seen alive (1 of 2; dead: node2)"
            }, "\(waiting)")
        guard case .found = nodes.ask(ring[0], .get, TestNodes.keys[0], at: .one) else { return XCTFail("not at one") }
    }

    func test_eviction_ofALongDeadNode_givesItsSlotsToOthers() {
        let ring = nodes.makeRing(4)
        writeAll(ring[0])
        nodes.kill(ring[3])
        XCTAssertTrue(nodes.run(until: { self.status(of: ring[3], at: ring[0]) == .down }))
        XCTAssertTrue(
            nodes.run(until: {
                ring[0..<3].allSatisfy { $0.node!.replicator.holdsItsTargets(of: TestNodes.slots) }
            }))
        for host in ring[0..<3] { XCTAssertEqual(host.node?.activeCount, 3) }
        assertReadsAll(ring[1])
    }
}
