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
        var table = RequestTable()
        table.remember(request(1))
        XCTAssertEqual(table.find(RequestID(origin: 7, number: 1)), request(1))
        XCTAssertNil(table.find(RequestID(origin: 7, number: 2)))
    }

    func test_find_ofALogEntry_returnsItsAnswer() {
        let answers: [WriteAnswer] = [
            .written(number: 7), .conflict(.nothing), .conflict(.replaced(Version(rawValue: 1))), .refused(.overflow),
        ]
        var table = RequestTable()
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
        var table = RequestTable()
        table.remember(request(1))
        table.remember(request(1))
        XCTAssertEqual(table.remembered.count, 1)
    }

    func test_undo_forgetsWhatWasBeyond() {
        var table = RequestTable()
        for number in 1...5 { table.remember(request(UInt64(number))) }
        table.undo(after: Version(epoch: 2, sequence: 3))
        XCTAssertNil(table.find(RequestID(origin: 7, number: 4)))
        XCTAssertNotNil(table.find(RequestID(origin: 7, number: 3)))
        XCTAssertFalse(table.mayHaveForgotten(firstEpoch: 2))
        XCTAssertFalse(table.mayHaveForgotten(firstEpoch: 0))
    }

    func test_remember_ofYoungOnes_forgetsOnlyBeyondTheLimit() {
        var table = RequestTable()
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
        var table = RequestTable()
        for number in 1...100 { table.remember(request(UInt64(number))) }
        let late = request(1_000_000)
        XCTAssertEqual(table.remember(late).count, 101 - Limits.requestIDsPerSlotMin)
        XCTAssertEqual(table.remembered.count, Limits.requestIDsPerSlotMin)
        XCTAssertEqual(table.remembered.last, late)
        XCTAssertNotNil(table.find(RequestID(origin: 7, number: 100)))
    }

    func test_tail_hasOnlyWhatTheCopyContains() {
        var table = RequestTable()
        for number in 1...5 { table.remember(request(UInt64(number))) }
        let tail = table.tail(through: Version(epoch: 2, sequence: 2))
        XCTAssertEqual(tail.requests, [request(1), request(2)])
    }
}
