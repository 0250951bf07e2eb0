import XCTest

@testable import Cluster

final class DepartureWatchTests: XCTestCase {
    private func at(_ seconds: UInt64) -> Instant { Instant(microseconds: seconds * 1_000_000) }

    func test_rests_countsFromTheLastSlotHandedOver() {
        var watch = DepartureWatch(now: at(10))
        watch.note(5, now: at(11))
        XCTAssertFalse(watch.rests(for: .seconds(2), now: at(12)))
        watch.note(4, now: at(12))
        XCTAssertFalse(watch.rests(for: .seconds(2), now: at(13)))
        XCTAssertTrue(watch.rests(for: .seconds(2), now: at(14)))
    }

    func test_rests_sameNumberAgain_isNoProgress() {
        var watch = DepartureWatch(now: at(10))
        watch.note(5, now: at(10))
        watch.note(5, now: at(12))
        watch.note(6, now: at(12))
        XCTAssertTrue(watch.rests(for: .seconds(2), now: at(12)))
    }
}
