import XCTest

@testable import Bench

final class PaceTests: XCTestCase {
    func test_dueCount_isHowManyInstantsHavePassed() {
        for rate in [1, 3, 999, 1_000_000, 33_333_333] {
            let pace = Pace(rate: rate, start: 1_000, connections: 7, total: 500)
            for request in 0..<500 {
                let instant = pace.instant(of: request)
                XCTAssertGreaterThanOrEqual(pace.dueCount(at: instant), request + 1)
                if request > 0, pace.instant(of: request - 1) < instant {
                    XCTAssertEqual(pace.dueCount(at: instant - 1), request, "rate \(rate)")
                }
            }
            XCTAssertEqual(pace.dueCount(at: 999), 0)
            XCTAssertEqual(pace.dueCount(at: .max / 2), 500)
        }
    }

    func test_connections_shareThePlanInTurn() {
        let pace = Pace(rate: 1_000, start: 0, connections: 7, total: 500)
        for due in 0...50 {
            XCTAssertEqual((0..<7).map { pace.dueCount(due, on: $0) }.reduce(0, +), due)
        }
        for request in 0..<50 {
            XCTAssertEqual(pace.instant(of: request / 7, on: request % 7), pace.instant(of: request))
        }
    }
}
