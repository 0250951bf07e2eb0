import Protocol
import XCTest

@testable import Cluster

/// Writes that pass by the log: what they come to, and what is left of them.
final class WriteAtOnceTests: XCTestCase {
    private typealias Operation = Protocol.Operation

    private let nodes = TestNodes()

    /// The only node of a ring; what it commits is durable at once, if `quick`.
    private func alone(quick: Bool, _ number: Int = 1) -> TestHost {
        let host = nodes.found(TestNodes.settings(number, replicas: 1))
        if quick { host.store.logBypass = .always }
        nodes.run(until: { host.readyIn != nil })
        nodes.run(for: .seconds(1))
        return host
    }

    private func randomOperation(_ random: inout Random) -> Operation {
        let byte = UInt8.random(in: 48...57, using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0, 1: return .set(value: [byte], ttlMilliseconds: nil)
        case 2: return .set(value: [byte, byte], ttlMilliseconds: 50)
        case 3: return .write(Write(.delete, for: .forever))
        case 4: return .add(Int64(byte))
        case 5: return .append([byte])
        case 6: return .compareAndSet(expect: .absent, value: [byte])
        default: return .get
        }
    }

    /// The law: whether a write passes by the log is to be seen in nothing but the time that it takes.
    func test_anyWrites_comeToTheSame_asThroughTheLog() throws {
        let quick = alone(quick: true)
        let others = TestNodes()
        let slow = others.found(TestNodes.settings(1, replicas: 1))
        others.run(until: { slow.readyIn != nil })
        others.run(for: .seconds(1))
        var random = Random(seed: 5)
        for step in 0..<600 {
            let key = TestNodes.keys[Int.random(in: 0..<3, using: &random)]
            let operation = randomOperation(&random)
            let token = nodes.submit(quick, operation, key)
            let atOnce = try XCTUnwrap(quick.answers[token], "step \(step): not at once")
            let other = others.submit(slow, operation, key)
            for world in [nodes, others] { world.run(for: .milliseconds(20)) }
            let throughTheLog = try XCTUnwrap(slow.answers[other])
            XCTAssertEqual(kind(atOnce), kind(throughTheLog), "step \(step), \(operation)")
        }
        let replica = try XCTUnwrap(quick.node?.replicator.replica(Slot(key: TestNodes.keys[0])))
        XCTAssertEqual(replica.log.count, 0)
        XCTAssertNil(replica.requests)
        for slot in TestNodes.slots {
            XCTAssertEqual(quick.store.table(of: slot).mapValues(\.value), slow.store.table(of: slot).mapValues(\.value))
            var tally = Tally()
            for (key, entry) in quick.store.table(of: slot) { tally.add(entry, key: key) }
            XCTAssertEqual(quick.node?.replicator.replica(slot).tally, tally)
        }
        XCTAssertEqual(quick.node?.replicator.bounds.filter { $0.count > $0.max }.map(\.what), [])
    }

    /// But for times, and versions: removals of what has expired come in between at other moments.
    private func kind(_ outcome: Outcome) -> String {
        switch outcome {
        case .written(_, _, let result): "written \(result)"
        case .found(let entry): "found \(entry.value)"
        case .conflict(.entry(let entry)): "conflict \(entry.value)"
        default: "\(outcome)"
        }
    }

    func test_processThatEndsAfterTheAnswer_losesNothing_andGivesNoVersionTwice() throws {
        let host = alone(quick: true)
        let key = TestNodes.keys[0]
        var versions: [Version] = []
        for byte in UInt8(0)..<10 {
            let token = nodes.submit(host, .set(value: [byte], ttlMilliseconds: nil), key)
            guard case .written(let version, _, _)? = host.answers[token] else { return XCTFail("not at once") }
            versions.append(version)
        }
        nodes.kill(host)
        let again = try nodes.restart(host)
        guard case .found(let entry)? = nodes.ask(again, .get, key) else { return XCTFail("lost") }
        XCTAssertEqual(entry.value, [9])
        XCTAssertEqual(entry.version, versions.last)
        guard case .written(let next, _, _)? = nodes.ask(again, .set(value: [77], ttlMilliseconds: nil), key) else {
            return XCTFail("not written")
        }
        XCTAssertGreaterThan(next, try XCTUnwrap(versions.max()))
    }

    /// The law: wherever the process ends, what it comes up with is what it had: each slot at its last version, and adding up to
    /// what is in its table.
    func test_progressThatIsNotWritten_isFoundAgainFromTheEntries() throws {
        var host = alone(quick: true)
        var random = Random(seed: 12)
        var isEverLate = false
        for round in 0..<60 {
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let key = TestNodes.keys[Int.random(in: 0..<6, using: &random)]
                _ = nodes.submit(host, randomOperation(&random), key)
                if Int.random(in: 0..<4, using: &random) == 0 { nodes.run(for: .milliseconds(30)) }
            }
            nodes.run(for: .milliseconds(Int.random(in: 0...3, using: &random)))
            let before = try XCTUnwrap(host.node).replicator
            let positions = TestNodes.slots.map { before.replica($0).log.commit }
            let tallies = TestNodes.slots.map { before.replica($0).tally }
            for (index, slot) in TestNodes.slots.enumerated() {
                isEverLate = isEverLate || host.store.asStored(slot)?.log.commit != positions[index]
            }
            nodes.kill(host)
            host = try nodes.restart(host)
            let after = try XCTUnwrap(host.node).replicator
            XCTAssertEqual(TestNodes.slots.map { after.replica($0).log.commit }, positions, "round \(round)")
            XCTAssertEqual(TestNodes.slots.map { after.replica($0).tally }, tallies, "round \(round)")
            nodes.run(for: .seconds(1))
        }
        XCTAssertTrue(isEverLate)
    }

    func test_progress_isWrittenSoon_whenNobodyWrites_andAtOnceWhenAnotherNodeIsHeardOf() throws {
        let host = alone(quick: true)
        let position = { (slot: Slot) in try XCTUnwrap(host.node?.replicator.replica(slot).log.commit) }
        func isLate() throws -> Bool {
            try TestNodes.slots.contains { try host.store.asStored($0)?.log.commit != position($0) }
        }
        for key in TestNodes.keys { _ = nodes.submit(host, .set(value: [1], ttlMilliseconds: nil), key) }
        XCTAssertTrue(try isLate())
        nodes.run(for: .seconds(2))
        XCTAssertFalse(try isLate())
        for key in TestNodes.keys { _ = nodes.submit(host, .set(value: [2], ttlMilliseconds: nil), key) }
        XCTAssertTrue(try isLate())
        let stranger = try XCTUnwrap(NodeID("stranger"))
        _ = host.node?.replicator.knownPeer(stranger)
        nodes.run(for: .milliseconds(2))
        XCTAssertFalse(try isLate())
        for key in TestNodes.keys { _ = nodes.submit(host, .set(value: [3], ttlMilliseconds: nil), key) }
        nodes.run(for: .milliseconds(2))
        XCTAssertFalse(try isLate())
    }

    func test_nodesThatJoin_getIt_andFromThenOnItGoesThroughTheLog() throws {
        let first = nodes.found(TestNodes.settings(1))
        first.store.logBypass = .always
        nodes.run(until: { first.readyIn != nil })
        nodes.run(for: .seconds(1))
        for (index, key) in TestNodes.keys.enumerated() {
            let token = nodes.submit(first, .set(value: [UInt8(index)], ttlMilliseconds: nil), key)
            XCTAssertNotNil(first.answers[token], "not at once")
        }
        for number in 2...3 { nodes.join(TestNodes.settings(number), through: first) }
        nodes.run(until: { self.nodes.hosts.allSatisfy { $0.readyIn != nil } && self.nodes.areAtRest(self.nodes.hosts) })
        for host in nodes.hosts {
            for (index, key) in TestNodes.keys.enumerated() {
                XCTAssertEqual(host.store.table(of: Slot(key: key))[key]?.value, [UInt8(index)], "\(host.id)")
            }
        }
        let token = nodes.submit(first, .set(value: [1], ttlMilliseconds: nil), TestNodes.keys[0])
        XCTAssertNil(first.answers[token])
        nodes.run(until: { first.answers[token] != nil })
        guard case .written? = first.answers[token] else { return XCTFail("\(String(describing: first.answers[token]))") }
        for host in nodes.hosts { XCTAssertEqual(host.node?.replicator.bounds.filter { $0.count > $0.max }.map(\.what), []) }
    }

    // MARK: Where it takes time to be durable

    func test_answers_areToWaitUntilTheWriteIsDurable() throws {
        let host = alone(quick: false)
        host.store.logBypass = .whileAlone
        host.store.syncTime = { .milliseconds(300) }
        let node = try XCTUnwrap(host.node)
        XCTAssertNil(node.unsettled)
        let token = nodes.submit(host, .set(value: [1], ttlMilliseconds: nil), TestNodes.keys[0])
        XCTAssertNotNil(host.answers[token], "not at once")
        let first = try XCTUnwrap(node.unsettled)
        nodes.run(for: .milliseconds(100))
        XCTAssertEqual(node.unsettled, first)
        // What is read then waits as well, and another write for longer.
        let read = nodes.submit(host, .get, TestNodes.keys[0])
        guard case .found? = host.answers[read] else { return XCTFail("not found") }
        XCTAssertEqual(node.unsettled, first)
        _ = nodes.submit(host, .set(value: [2], ttlMilliseconds: nil), TestNodes.keys[1])
        let second = try XCTUnwrap(node.unsettled)
        XCTAssertGreaterThan(second, first)
        nodes.run(until: { host.store.durable >= first })
        XCTAssertEqual(node.unsettled, second)
        nodes.run(until: { node.unsettled == nil })
        XCTAssertGreaterThanOrEqual(host.store.durable, second)
        XCTAssertEqual(host.store.table(of: Slot(key: TestNodes.keys[0]))[TestNodes.keys[0]]?.value, [1])
    }

    /// The law: what was to be answered outlives a power cut, whatever else does, and no version is given twice.
    func test_powerCut_keepsWhatMayHaveBeenAnswered() throws {
        var random = Random(seed: 8)
        var host = alone(quick: false)
        host.store.logBypass = .whileAlone
        host.store.syncTime = { .milliseconds(20) }
        var answered: UInt8 = 0, written: UInt8 = 0
        var versions: Set<Version> = []
        for _ in 0..<40 {
            let node = try XCTUnwrap(host.node)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                written += 1
                let token = nodes.submit(host, .set(value: [written], ttlMilliseconds: nil), TestNodes.keys[0])
                guard case .written(let version, _, _)? = host.answers[token] else { return XCTFail("not at once") }
                XCTAssertTrue(versions.insert(version).inserted, "\(version)")
                nodes.run(for: .milliseconds(Int.random(in: 0...40, using: &random)))
                if node.unsettled == nil { answered = written }
            }
            nodes.kill(host)
            host = try nodes.restart(host)
            nodes.run(for: .seconds(1))
            guard case .found(let entry)? = nodes.ask(host, .get, TestNodes.keys[0]) else { return XCTFail("lost") }
            XCTAssertGreaterThanOrEqual(entry.value[0], answered)
            XCTAssertLessThanOrEqual(entry.value[0], written)
        }
        XCTAssertGreaterThan(answered, 20)
    }

    func test_diskThatStalls_isWarnedOf_once() throws {
        let host = alone(quick: false)
        host.store.logBypass = .whileAlone
        host.store.syncTime = { .seconds(4) }
        _ = nodes.submit(host, .set(value: [1], ttlMilliseconds: nil), TestNodes.keys[0])
        nodes.run(for: .seconds(3))
        XCTAssertEqual(host.notices.filter { $0.contains("wait for the disk") }.count, 1)
        nodes.run(for: .seconds(3))
        XCTAssertNil(host.node?.unsettled)
    }

    /// With everysec nothing waits for a sync that something else needs.
    func test_whereACommitIsEnough_nothingIsHeld() throws {
        let host = alone(quick: true)
        let replicator = try XCTUnwrap(host.node?.replicator)
        nodes.turn(host) { node in
            node.submit(.set(value: [1], ttlMilliseconds: nil), key: TestNodes.keys[0], consistency: .quorum, token: 999_999)
            XCTAssertEqual(replicator.passing, .nothing)
        }
        XCTAssertNil(host.node?.unsettled)
    }

    /// The law: whoever hears of this node hears of nothing that a power cut could take from it.
    func test_nodeThatJoins_isToldNothing_beforeTheWritesAreDurable() throws {
        let first = nodes.found(TestNodes.settings(1))
        first.store.logBypass = .whileAlone
        nodes.run(until: { first.readyIn != nil })
        nodes.run(for: .seconds(1))
        let node = try XCTUnwrap(first.node)
        var told = 0, early: [PeerMessage] = []
        first.onSend = { message in
            switch message {
            // What is known of nodes, not of slots.
            case .records, .keepAlive, .statusRequest, .statusReport: return
            default: break
            }
            told += 1
            if node.unsettled != nil { early.append(message) }
        }
        nodes.join(TestNodes.settings(2), through: first)
        var number: UInt8 = 0
        var wasHeld = false
        first.store.syncTime = { .milliseconds(400) }
        // Written until it is not alone any more.
        nodes.run(until: {
            number += 1
            let token = self.nodes.submit(first, .set(value: [number], ttlMilliseconds: nil), TestNodes.keys[0])
            wasHeld = wasHeld || !node.replicator.heldMessages.isEmpty
            return first.answers[token] == nil
        })
        XCTAssertTrue(wasHeld)
        XCTAssertEqual(node.replicator.heldMessages.isEmpty, node.unsettled == nil)
        first.store.syncTime = { .milliseconds(1) }
        nodes.run(until: { self.nodes.hosts.allSatisfy { $0.readyIn != nil } && self.nodes.areAtRest(self.nodes.hosts) })
        XCTAssertGreaterThan(told, 10)
        XCTAssertEqual(early.count, 0, "\(early.first.map { "\($0)" } ?? "")")
        let key = TestNodes.keys[0]
        let values = nodes.hosts.map { $0.store.table(of: Slot(key: key))[key]?.value }
        XCTAssertEqual(values, [[number], [number]])
    }

    func test_disconnectedMeanwhile_whatWasHeld_isNotSent() throws {
        let host = alone(quick: false)
        host.store.logBypass = .whileAlone
        host.store.syncTime = { .milliseconds(300) }
        let replicator = try XCTUnwrap(host.node?.replicator)
        _ = nodes.submit(host, .set(value: [1], ttlMilliseconds: nil), TestNodes.keys[0])
        let other = Member(node: try XCTUnwrap(NodeID("other")), disk: DiskID(rawValue: 77))
        var told: [PeerMessage] = []
        host.onSend = { told.append($0) }
        nodes.turn(host) { _ in replicator.onSessionOpened(with: other, now: nodes.now) }
        XCTAssertFalse(replicator.heldMessages.isEmpty)
        nodes.turn(host) { _ in
            replicator.onSessionClosed(with: other.node, now: nodes.now)
            replicator.onSessionOpened(with: other, now: nodes.now)
        }
        let held = replicator.heldMessages.filter { $0.session == replicator.session(with: other.node) }.count
        XCTAssertLessThan(held, replicator.heldMessages.count)
        XCTAssertEqual(told, [])
        nodes.run(until: { host.node?.unsettled == nil })
        XCTAssertGreaterThanOrEqual(told.count, held)
        XCTAssertLessThan(told.count, held + 3)
    }

    /// What its client may send again is remembered.
    func test_writeThatItsClientNamed_isFoundAgain() throws {
        let host = alone(quick: true)
        let key = TestNodes.keys[0]
        let name = RequestID(origin: RequestID.originOfClient(7), number: 1)
        func add(isRetry: Bool) -> Outcome? {
            let token = nodes.submit(host, .add(1), key, as: ClientRequest(id: name, isRetry: isRetry))
            nodes.run(until: { host.answers[token] != nil }, within: .seconds(4))
            return host.answers[token]
        }
        let first = try XCTUnwrap(add(isRetry: false))
        XCTAssertEqual(add(isRetry: true), first)
        let token = nodes.submit(host, .add(1), key)
        guard case .written(_, _, .number(let number))? = host.answers[token] else { return XCTFail("not at once") }
        XCTAssertEqual(number, 2)
    }

    func test_plainSet_isWrittenWithoutACopy_orNotAtAll() throws {
        let host = alone(quick: true)
        let key = TestNodes.keys[0]
        func write(_ value: [UInt8]) -> Version? {
            var version: Version?
            nodes.turn(host) { node in
                value.withUnsafeBytes { value in
                    key.withUnsafeBytes { bytes in
                        let request = RequestView(.set(value), slot: Slot(key: key), key: bytes, consistency: .quorum)
                        withUnsafePointer(to: request) {
                            _ = node.carryOutAtOnce(UnsafeBufferPointer(start: $0, count: 1)) {
                                if case .written(let written, _) = $0 { version = written }
                                return true
                            }
                        }
                    }
                }
            }
            return version
        }
        // The store of this test has no quick way: nothing is done.
        XCTAssertNil(write([1]))
        guard case .notFound? = nodes.ask(host, .get, key) else { return XCTFail("written") }
    }
}
