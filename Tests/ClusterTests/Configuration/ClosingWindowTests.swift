import XCTest

@testable import Cluster

final class ClosingWindowTests: XCTestCase {
    func test_window_whileAllTakeAsLong_growsToItsLimit() {
        // A slow disk: what it takes, it takes for one slot as for many.
        for milliseconds in [1, 8, 40] {
            var window = ClosingWindow(sizeMax: 64)
            for _ in 0..<400 { window.note(.milliseconds(milliseconds)) }
            XCTAssertEqual(window.size, 64)
        }
    }

    func test_window_whereSlotsWaitForEachOther_settlesWhereTheyDoNot() {
        var window = ClosingWindow(sizeMax: 64)
        // Half a millisecond of a processor each, and two in any case.
        for _ in 0..<2_000 { window.note(.microseconds(2_000 + 500 * window.size)) }
        XCTAssertLessThanOrEqual(window.size, 24)
        XCTAssertGreaterThanOrEqual(window.size, 8)
    }

    func test_window_whateverHappens_staysWithinItsLimits() {
        var random = Random(seed: 5)
        for sizeMax in [1, 5, 8, 64] {
            var window = ClosingWindow(sizeMax: sizeMax)
            for _ in 0..<2_000 {
                window.note(.microseconds(Int64.random(in: 0...100_000, using: &random)))
                XCTAssertTrue((min(8, sizeMax)...sizeMax).contains(window.size))
            }
        }
    }
}
