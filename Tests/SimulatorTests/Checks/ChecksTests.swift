import Cluster
import Protocol
import XCTest

@testable import Simulator

/// Each law is reported when something false is put into a ring that is otherwise right.
final class ChecksTests: XCTestCase {
    /// So slow that what a test says comes before the true answer.
    private func ring(
        _ operations: [ClientOperation] = [], change: (inout WorldSettings) -> Void = { _ in }
    ) -> SettledRing {
        let ring = SettledRing(
            .small(clients: [operations]) {
                $0.latency = .milliseconds(5) ... .milliseconds(10)
                change(&$0)
            })
        ring.world.workload.start()
        return ring
    }

    /// Goes on until so many operations have begun.
    private func begin(_ count: Int, in ring: SettledRing) {
        for _ in 0..<100_000 where ring.world.counters.operations < count {
            ring.world.run(for: .microseconds(100))
        }
        XCTAssertEqual(ring.world.counters.operations, count)
    }

    private func answer(_ token: UInt64, _ outcome: Outcome, in ring: SettledRing) -> Failure.Law? {
        ring.world.workload.answered(token, with: outcome, by: ring[0].name, at: ring[0])
        return ring.world.failure?.law
    }

    private func model(_ ring: SettledRing) throws -> SlotModel {
        try XCTUnwrap(ring.world.checks.model(of: Slot(key: ring.world.keys[0])))
    }

    private let unknown = Version(epoch: 99, sequence: 1)

    private func entry(_ version: Version, _ value: String = "x") -> Entry {
        Entry(value: Array(value.utf8), version: version, timestamp: Timestamp(milliseconds: 1), expiry: nil)
    }

    private func written(_ version: Version, _ number: Int64? = nil) -> Outcome {
        .written(
            version: version, timestamp: Timestamp(milliseconds: 1), result: number.map { .number($0) } ?? .none)
    }

    // MARK: Answers

    func test_read_ofWhatWasNeverCommitted_isReported() {
        let ring = ring([.one(.get)])
        begin(1, in: ring)
        XCTAssertEqual(answer(1, .found(entry(unknown)), in: ring), .uncommitted)
    }

    func test_read_ofAnotherValueThanWasCommitted_isReported() throws {
        let ring = ring([.one(.set), .one(.get)])
        begin(2, in: ring)
        let forged = entry(try model(ring).committedEnd, "forged")
        XCTAssertEqual(answer(2, .found(forged), in: ring), .uncommitted)
    }

    func test_write_acknowledgedButNotCommitted_isReported() {
        let ring = ring([.one(.set)])
        begin(1, in: ring)
        XCTAssertEqual(answer(1, written(unknown), in: ring), .acknowledged)
    }

    func test_write_answeredWithTheVersionOfAnother_isReported() throws {
        let ring = ring([.one(.set), .one(.set)])
        begin(2, in: ring)
        XCTAssertEqual(answer(2, written(try model(ring).committedEnd), in: ring), .answer)
    }

    func test_answer_toAnotherQuestion_isReported() {
        let ring = ring([.one(.get)])
        begin(1, in: ring)
        XCTAssertEqual(answer(1, written(unknown), in: ring), .answer)
    }

    func test_read_ofAnOlderValueThanWasAnswered_isStale() throws {
        let ring = ring([.one(.set), .one(.set), .one(.get)])
        begin(3, in: ring)
        let model = try model(ring)
        let place = try XCTUnwrap(model.committed.values.first { $0.keyIndex == 1 }?.entry)
        let first = try XCTUnwrap(place.entry(of: place.key))
        XCTAssertEqual(answer(3, .found(first), in: ring), .stale)
    }

    func test_read_ofNothingAfterAWrite_isStale() {
        let ring = ring([.one(.set), .one(.get)])
        begin(2, in: ring)
        XCTAssertEqual(answer(2, .notFound, in: ring), .stale)
    }

    func test_answer_withAWrongSum_hasNoOrder() throws {
        // Of a node that does not lead: between the commit and the true answer is a way.
        let primary = try model(ring()).latest?.primary.node
        let place = try XCTUnwrap((0..<3).first { "n\($0)" != primary?.text })
        let ring = ring([.one(.add(1), .counter, at: place)])
        for _ in 0..<10_000 where try model(ring).committedEnd == .zero {
            ring.world.run(for: .microseconds(100))
        }
        XCTAssertNil(answer(1, written(try model(ring).committedEnd, 99), in: ring))
        ring.world.workload.checkHistories()
        XCTAssertEqual(ring.world.failure?.law, .linearizable)
    }

    func test_answers_thatAreRight_breakNothing() {
        let ring = ring([
            .one(.set), .one(.get), .one(.add(1), .counter), .one(.append, .list), .one(.delete), .one(.get),
        ])
        begin(6, in: ring)
        ring.world.run(for: .seconds(1))
        ring.world.workload.checkHistories()
        XCTAssertTrue(ring.world.workload.isIdle)
        XCTAssertNil(ring.world.failure)
    }

    func test_request_thatNobodyAnswers_isReported() {
        let ring = ring([.one(.set)]) { $0.replication.requestTimeout = .seconds(20) }
        ring.world.perform(.isolate(0))
        ring.world.perform(.isolate(1))
        ring.world.run(for: .seconds(5))
        XCTAssertEqual(ring.world.failure?.law, .hang)
    }

    // MARK: Copies and tables

    func test_copies_allButOneLost_areEnoughAndNoneIsNot() throws {
        let ring = ring([.one(.set)])
        ring.world.run(for: .seconds(1))
        for number in 0..<3 {
            XCTAssertNil(ring.world.failure)
            let node = ring[number]
            node.end(isMachine: false, isSilent: false)
            let member = node.member
            node.wipe()
            ring.world.checks.wiped(node, was: member)
        }
        XCTAssertEqual(ring.world.failure?.law, .copies)
    }

    func test_canLose_aDisk_onlyOneAtATime() {
        let ring = ring([.one(.set)])
        ring.world.run(for: .seconds(1))
        XCTAssertTrue(ring.world.checks.canLose(ring[0]))
        ring.world.perform(.wipe(1))
        XCTAssertFalse(ring.world.checks.canLose(ring[0]))
    }

    func test_table_withAKeyThatNobodyWrote_isReported() throws {
        let ring = ring([.one(.set, pause: .milliseconds(100))])
        let slot = Slot(key: ring.world.keys[0])
        ring[2].disk.put(entry(unknown), key: Array("stray".utf8), in: slot)
        ring.world.run(for: .seconds(1))
        XCTAssertEqual(ring.world.failure?.law, .table)
    }

    func test_table_withAnotherValue_isReported() throws {
        let ring = ring([.one(.set), .one(.set, key: 1, pause: .milliseconds(500))])
        ring.world.run(for: .milliseconds(300))
        let key = try XCTUnwrap(model(ring).states.keys.first)
        ring[1].disk.put(entry(try model(ring).committedEnd, "forged"), key: key, in: Slot(key: key))
        XCTAssertNil(ring.world.failure)
        // With the next change of the slot, of another key as well.
        ring.world.run(for: .seconds(1))
        XCTAssertEqual(ring.world.failure?.law, .table)
    }

    // MARK: Nodes

    func test_exit_ofANodeThatNobodyToldTo_isReported() {
        let ring = ring()
        ring.world.checks.exited(ring[0], code: 1)
        XCTAssertEqual(ring.world.failure?.law, .exit)
    }

    func test_exit_ofANodeThatWasToldTo_isRight() {
        let ring = ring()
        ring.world.perform(.stop(0))
        ring.world.run(for: .seconds(5))
        XCTAssertFalse(ring[0].isUp)
        XCTAssertNil(ring.world.failure)
    }

    func test_notice_ofAContradiction_isReported() {
        let ring = ring()
        ring[0].note(.contradiction("slot 1: its copy here is replaced"))
        XCTAssertEqual(ring.world.failure?.law, .contradiction)
    }

    func test_message_thatDoesNotDecode_isReported() throws {
        let ring = ring()
        ring[0].received([0xFF, 0xFF, 0xFF], on: try ring.link(0, 1))
        XCTAssertEqual(ring.world.failure?.law, .wire)
    }

    func test_nodes_thatAnswerEachOtherWithoutEnd_areReported() {
        let ring = ring()
        func again() { ring.world.schedule(after: .microseconds(1)) { again() } }
        again()
        ring.world.run(for: .seconds(5))
        XCTAssertEqual(ring.world.failure?.law, .racing)
    }

    // MARK: Settling

    func test_startup_onANetworkThatIsTooSlow_isReported() {
        let world = World(.small { $0.latency = .seconds(70) ... .seconds(80) })
        XCTAssertEqual(world.run()?.law, .startup)
    }

    func test_unsettled_whileANodeLagsBehind_saysSo() {
        let ring = ring([.one(.set, pause: .milliseconds(100))])
        XCTAssertNil(ring.world.checks.unsettled(in: ring.world))
        ring.world.perform(.isolate(2))
        // It lacks the write, or that another has taken over.
        ring.world.run(for: .seconds(3))
        XCTAssertNotNil(ring.world.checks.unsettled(in: ring.world))
        ring.world.perform(.healAll)
        let isSettled = ring.world.run(upTo: .seconds(20)) {
            ring.world.checks.unsettled(in: ring.world) == nil
        }
        XCTAssertTrue(isSettled)
    }
}
