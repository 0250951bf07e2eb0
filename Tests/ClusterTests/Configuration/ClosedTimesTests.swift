import XCTest

@testable import Cluster

final class ClosedTimesTests: XCTestCase {
    func test_parts_areRoundedUpToMilliseconds() {
        var times = ClosedTimes()
        for number in 1...100 { times.add(.microseconds(number * 1_000 - 500)) }
        XCTAssertEqual(times.milliseconds(0.5), 50)
        XCTAssertEqual(times.milliseconds(0.99), 99)
        XCTAssertEqual(times.words, "50 ms (median), 99 ms (p99), 100 ms at most")
    }

    func test_longTimes_areSaidWhole() {
        var times = ClosedTimes()
        times.add(.seconds(3))
        XCTAssertEqual(times.milliseconds(0.99), 3_000)
        XCTAssertEqual(times.longestMilliseconds, 3_000)
    }

    func test_handOverTimes_areSaidOnce_whenNothingHasChangedForASecond() {
        var times = HandOverTimes()
        let at = Instant(microseconds: 5_000_000)
        XCTAssertNil(times.takeWords(now: at, quietFor: .seconds(1)))
        for (kind, milliseconds) in [(HandOverTimes.Kind.kept, 2), (.given, 3), (.given, 4)] {
            times.add(kind, since: Instant(microseconds: 5_000_000 - UInt64(milliseconds) * 1_000), now: at)
        }
        XCTAssertNil(times.takeWords(now: at + .milliseconds(999), quietFor: .seconds(1)))
        let words = times.takeWords(now: at + .seconds(1), quietFor: .seconds(1))
        XCTAssertEqual(
            words,
            "1 slots kept, closed for 2 ms (median), 2 ms (p99), 2 ms at most; "
                + "2 slots given away, closed for 4 ms (median), 4 ms (p99), 4 ms at most")
        XCTAssertNil(times.takeWords(now: at + .seconds(9), quietFor: .zero))
    }
}
