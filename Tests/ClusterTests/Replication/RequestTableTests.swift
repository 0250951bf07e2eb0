import Protocol
import XCTest

@testable import Cluster

final class RequestTableTests: XCTestCase {
    private func request(_ number: UInt64) -> RememberedRequest {
        RememberedRequest(
            request: RequestID(origin: 7, number: number), version: Version(epoch: 2, sequence: number),
            timestamp: Timestamp(milliseconds: number), answer: .written(number: Int64(number) * 10))
    }

    func test_find_afterRemember_returnsTheFirstAnswer() {
        let table = RequestTable()
        table.remember(request(1))
        XCTAssertEqual(table.find(RequestID(origin: 7, number: 1)), request(1))
        XCTAssertNil(table.find(RequestID(origin: 7, number: 2)))
    }

    func test_find_ofALogEntry_returnsItsAnswer() {
        let answers: [WriteAnswer] = [
            .written(number: 7), .conflict(.nothing), .conflict(.replaced(Version(rawValue: 1))), .refused(.overflow),
        ]
        let table = RequestTable()
        for (index, answer) in answers.enumerated() {
            let id = RequestID(origin: 1, number: UInt64(index))
            let entry = LogEntry(
                version: Version(epoch: 1, sequence: UInt64(index) + 1), request: id,
                timestamp: Timestamp(milliseconds: 1), key: [1], change: .nothing, answer: answer)
            table.remember(entry.remembered)
            XCTAssertEqual(table.find(id)?.answer, answer)
        }
        XCTAssertEqual(table.tail(through: Version(epoch: 1, sequence: 9)).requests.map(\.answer), answers)
    }

    func test_remember_ofTheSame_isNothing() {
        let table = RequestTable()
        table.remember(request(1))
        table.remember(request(1))
        XCTAssertEqual(table.remembered.count, 1)
    }

    func test_undo_forgetsWhatWasBeyond() {
        let table = RequestTable()
        for number in 1...5 { table.remember(request(UInt64(number))) }
        table.undo(after: Version(epoch: 2, sequence: 3))
        XCTAssertNil(table.find(RequestID(origin: 7, number: 4)))
        XCTAssertNotNil(table.find(RequestID(origin: 7, number: 3)))
        XCTAssertFalse(table.mayHaveForgotten(firstEpoch: 2))
        XCTAssertFalse(table.mayHaveForgotten(firstEpoch: 0))
    }

    func test_remember_ofYoungOnes_forgetsOnlyBeyondTheLimit() {
        let table = RequestTable()
        for number in 1...UInt64(Limits.requestIDsPerSlotMax) {
            XCTAssertEqual(table.remember(request(number)), [])
        }
        XCTAssertEqual(table.remember(request(5_000)), [request(1)])
        XCTAssertNil(table.find(RequestID(origin: 7, number: 1)))
        XCTAssertEqual(table.remembered.first, request(2))
        XCTAssertEqual(table.forgotten, request(1).version)
        XCTAssertTrue(table.mayHaveForgotten(firstEpoch: 0))
        XCTAssertTrue(table.mayHaveForgotten(firstEpoch: 2))
        XCTAssertFalse(table.mayHaveForgotten(firstEpoch: 3))
    }

    func test_remember_afterALongTime_keepsTheLatest() {
        let table = RequestTable()
        for number in 1...100 { table.remember(request(UInt64(number))) }
        let late = request(1_000_000)
        XCTAssertEqual(table.remember(late).count, 101 - Limits.requestIDsPerSlotMin)
        XCTAssertEqual(table.remembered.count, Limits.requestIDsPerSlotMin)
        XCTAssertEqual(table.remembered.last, late)
        XCTAssertNotNil(table.find(RequestID(origin: 7, number: 100)))
    }

    // MARK: Marks

    private func named(_ number: UInt64, of client: UInt64 = 1, at sequence: UInt64) -> RememberedRequest {
        RememberedRequest(
            request: RequestID(origin: RequestID.originOfClient(client), number: number),
            version: Version(epoch: 2, sequence: sequence), timestamp: Timestamp(milliseconds: sequence),
            answer: .written())
    }

    /// Everything before `sequence` is forgotten.
    private func forgetAll(_ table: RequestTable, from sequence: UInt64) -> [RememberedRequest] {
        var dropped: [RememberedRequest] = []
        for number in 0..<UInt64(Limits.requestIDsPerSlotMax) { dropped += table.remember(request(sequence + number)) }
        return dropped
    }

    func test_mark_isTheHighestForgottenIDOfAClient_andOutlivesIt() {
        let table = RequestTable()
        for (index, number) in [5, 9, 7].enumerated() { table.remember(named(UInt64(number), at: UInt64(index + 1))) }
        XCTAssertFalse(table.isBelowMark(named(3, at: 0).request))
        let dropped = forgetAll(table, from: 10)
        XCTAssertEqual(dropped, [named(5, at: 1), named(7, at: 3)])
        XCTAssertEqual(table.markCount, 1)
        for number in UInt64(0)...9 { XCTAssertTrue(table.isBelowMark(named(number, at: 0).request)) }
        XCTAssertFalse(table.isBelowMark(named(10, at: 0).request))
        XCTAssertFalse(table.isBelowMark(named(3, of: 2, at: 0).request))
        XCTAssertNil(table.find(named(9, at: 2).request))
        XCTAssertTrue(table.keeps(named(9, at: 2).request, of: named(9, at: 2).version))
        XCTAssertEqual(table.kept.first, named(9, at: 2))
        XCTAssertFalse(table.remembered.contains(named(9, at: 2)))
    }

    func test_mark_throughACopyOrARestart_isTheSame() {
        let table = RequestTable()
        table.remember(named(9, at: 1))
        _ = forgetAll(table, from: 10)
        let tail = table.tail(through: Version(epoch: 2, sequence: 1_000_000))
        let copy = RequestTable(forgotten: tail.forgotten)
        for request in tail.requests { XCTAssertEqual(copy.remember(request), []) }
        XCTAssertTrue(copy.isBelowMark(named(9, at: 0).request))
        XCTAssertEqual(copy.kept, table.kept)
        XCTAssertEqual(Array(copy.remembered), Array(table.remembered))
        copy.undo(after: .zero)
        XCTAssertFalse(copy.isBelowMark(named(9, at: 0).request))
    }

    func test_marks_areBounded_theOldestGoes() {
        let table = RequestTable()
        let count = UInt64(Limits.requestMarksPerSlotMax) + 3
        for client in 1...count { table.remember(named(1, of: client, at: client)) }
        let dropped = forgetAll(table, from: count + 1)
        XCTAssertEqual(table.markCount, Limits.requestMarksPerSlotMax)
        XCTAssertEqual(dropped, (1...3).map { named(1, of: $0, at: $0) })
        XCTAssertFalse(table.isBelowMark(named(1, of: 3, at: 0).request))
        XCTAssertTrue(table.isBelowMark(named(1, of: 4, at: 0).request))
    }

    /// Nodes number the writes of all their clients: a lower one may come later.
    func test_idsOfNodes_leaveNoMark() {
        let table = RequestTable()
        table.remember(request(1))
        XCTAssertEqual(forgetAll(table, from: 2), [request(1)])
        XCTAssertEqual(table.markCount, 0)
        for random in [0, 1, UInt64.max, 1 << 63] {
            let id = RequestID(origin: RequestID.originOfNode(random), number: 1)
            XCTAssertFalse(id.isNamed)
            XCTAssertFalse(id.isOwn)
        }
    }

    func test_tail_hasOnlyWhatTheCopyContains() {
        let table = RequestTable()
        for number in 1...5 { table.remember(request(UInt64(number))) }
        let tail = table.tail(through: Version(epoch: 2, sequence: 2))
        XCTAssertEqual(tail.requests, [request(1), request(2)])
    }
}
