import Cluster
import Protocol
import XCTest

@testable import Simulator

final class SimulatedClockTests: XCTestCase {
    private let begin = Instant(microseconds: 5_000_000)
    private let local = Instant(microseconds: 77_000_000)

    func test_monotonic_withDrift_runsThatMuchFasterOrSlower() {
        for parts in [-20_000, -1, 0, 1, 500, 20_000] {
            var clock = SimulatedClock(at: begin, local: local)
            clock.setDrift(parts, at: begin)
            let later = begin + .seconds(100)
            let gone = Int64(clock.monotonic(later).microseconds) - Int64(local.microseconds)
            XCTAssertEqual(gone, 100_000_000 + 100 * Int64(parts))
        }
    }

    func test_monotonic_underChangingDrift_neverGoesBack() {
        var random = Random(seed: 1)
        var clock = SimulatedClock(at: begin, local: local)
        var now = begin
        var last = clock.monotonic(now)
        for _ in 0..<2_000 {
            if random.chance(permille: 300) {
                clock.setDrift(Int.random(in: -20_000...20_000, using: &random), at: now)
            }
            XCTAssertGreaterThanOrEqual(clock.monotonic(now), last)
            last = clock.monotonic(now)
            now = now + random.duration(in: .zero ... .seconds(2))
        }
    }

    func test_wall_setOff_isThatMuchOffAndTheMonotonicOneIsNot() {
        var clock = SimulatedClock(at: begin, local: local)
        let right = clock.wall(begin).milliseconds
        XCTAssertEqual(right, UInt64(SimulatedClock.epoch) + 5_000)
        clock.setWall(offBy: .seconds(3), isBack: true)
        XCTAssertEqual(clock.wall(begin).milliseconds, right - 3_000)
        clock.setWall(offBy: .seconds(2), isBack: false)
        XCTAssertEqual(clock.wall(begin).milliseconds, right + 2_000)
        XCTAssertEqual(clock.monotonic(begin), local)
    }

    func test_wall_farBack_isNotBelowZero() {
        var clock = SimulatedClock(at: begin, local: local)
        clock.setWall(offBy: .seconds(4_000_000_000), isBack: true)
        XCTAssertEqual(clock.wall(begin).milliseconds, 0)
    }
}
