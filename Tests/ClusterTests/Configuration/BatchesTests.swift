import XCTest

@testable import Cluster

final class BatchesTests: XCTestCase {
    private func at(_ milliseconds: UInt64) -> Instant { Instant(microseconds: 1_000_000 + milliseconds * 1_000) }

    private func taken(_ batches: inout Batches, at milliseconds: UInt64, underWay: Int = 0, waiting: Int = 1_000) -> Int {
        batches.begin(now: at(milliseconds), underWay: underWay, waiting: waiting)
        var count = 0
        while batches.take() { count += 1 }
        batches.endTurn()
        return count
    }

    func test_rate_isKept_inTheLongRun() {
        var batches = Batches(size: 16, rate: 2_000)
        let total = (0..<10_000).reduce(0) { $0 + taken(&batches, at: UInt64($1)) }
        XCTAssertEqual(total, 20_000)
    }

    func test_nothingBegins_beforeItsTime_orWhileMostIsUnderWay() {
        var batches = Batches(size: 16, rate: 2_000)
        XCTAssertEqual(taken(&batches, at: 0), 16)
        XCTAssertEqual(batches.nextAt, at(8))
        XCTAssertEqual(taken(&batches, at: 7), 0)
        XCTAssertEqual(taken(&batches, at: 8, underWay: 9), 0)
        XCTAssertEqual(taken(&batches, at: 9, underWay: 8), 8)
    }

    func test_whereNothingWaits_noTimeIsLost() {
        var batches = Batches(size: 16, rate: 2_000)
        XCTAssertEqual(taken(&batches, at: 0, waiting: 0), 0)
        XCTAssertEqual(taken(&batches, at: 1, waiting: 3), 3)
    }

    func test_whatIsLeft_lapsesWithTheTurn() {
        var batches = Batches(size: 4, rate: 1_000)
        batches.begin(now: at(0), underWay: 0, waiting: 9)
        XCTAssertTrue(batches.take())
        batches.endTurn()
        XCTAssertFalse(batches.take())
    }

    func test_withoutLimit_batchesFollowEachOther() {
        var batches = Batches(size: 0, rate: 0)
        XCTAssertEqual((0..<5).map { _ in taken(&batches, at: 0) }, [1, 1, 1, 1, 1])
    }

    /// How many begin in the first second, of so many that wait.
    private func begun(of waiting: Int, rate: Int, span: Duration) -> Int {
        var batches = Batches(size: 16, rate: rate, span: span)
        var left = waiting
        for time in 0..<1_000 { left -= taken(&batches, at: UInt64(time), waiting: left) }
        return waiting - left
    }

    func test_whatWaits_isSpread_withinTheRate() {
        XCTAssertEqual(begun(of: 6_000, rate: 2_000, span: .seconds(6)), 1_008)
        XCTAssertEqual(begun(of: 16_384, rate: 2_000, span: .seconds(6)), 2_000)
        XCTAssertEqual(begun(of: 600, rate: 2_000, span: .seconds(6)), 256)
        XCTAssertEqual(begun(of: 6_000, rate: 2_000, span: .zero), 2_000)
    }

    func test_whatHadWaited_doesNotCount_onceNothingWaits() {
        var batches = Batches(size: 16, rate: 2_000, span: .seconds(6))
        XCTAssertEqual(taken(&batches, at: 0, waiting: 12_000), 16)
        XCTAssertEqual(batches.nextAt, at(8))
        XCTAssertEqual(taken(&batches, at: 8, waiting: 0), 0)
        XCTAssertEqual(taken(&batches, at: 9, waiting: 100), 16)
        XCTAssertEqual(batches.nextAt, at(73))
    }
}
