import UV
import XCTest

final class TimerTests: LoopTestCase {
    func test_start_severalTimers_fireInOrderOfTimeThenOfStart() throws {
        var fired: [String] = []
        let plan: [(String, Int)] = [("d", 30), ("a", 0), ("b", 10), ("c", 10), ("e", 40)]
        let timers = try plan.map { name, _ in Timer(try loop) { fired.append(name) } }
        for (timer, (_, delay)) in zip(timers, plan) { timer.start(after: .milliseconds(delay)) }
        try run { fired.count == plan.count }
        XCTAssertEqual(fired, ["a", "b", "c", "d", "e"])
        XCTAssertFalse(timers.contains { $0.isStarted })
    }

    func test_start_afterLongPause_countsFromTheCall() throws {
        let loop = try loop
        usleep(60_000)  // the loop's cached time is now behind
        let started = loop.now
        var elapsed: UInt64 = 0
        let timer = Timer(loop) {
            elapsed = loop.now - started
            loop.stop()
        }
        timer.start(after: .milliseconds(40))
        try runUntilStopped()
        XCTAssertGreaterThanOrEqual(elapsed, 39_000_000)
    }

    func test_start_repeating_firesUntilStopped() throws {
        var count = 0
        var timer: Timer?
        timer = Timer(try loop) {
            count += 1
            if count == 5 { timer?.stop() }
        }
        timer?.start(after: .zero, every: .milliseconds(1))
        try run { count >= 5 }
        try run(turns: 10)
        XCTAssertEqual(count, 5)
    }

    func test_start_again_replacesTheFirst() throws {
        var count = 0
        let timer = Timer(try loop) { count += 1 }
        timer.start(after: .seconds(1_000))
        timer.start(after: .zero)
        try run { count == 1 }
        XCTAssertFalse(timer.isStarted)
    }

    func test_start_insideItsOwnCallback_firesAgain() throws {
        var count = 0
        var timer: Timer?
        timer = Timer(try loop) {
            count += 1
            if count < 3 { timer?.start(after: .zero) }
        }
        timer?.start(after: .zero)
        try run { count == 3 }
        timer = nil
    }

    func test_owner_lettingGoOfAStartedTimer_doesNotStopIt() throws {
        var count = 0
        weak var seen: Timer?
        do {
            let timer = Timer(try loop) { count += 1 }
            timer.start(after: .milliseconds(1))
            seen = timer
        }
        XCTAssertNotNil(seen)
        try run { count == 1 }
        XCTAssertNil(seen)
        try run { (try? self.loop.handleCount) == 2 }  // the two of run(until:)
    }

    func test_stop_started_neverFiresAndGoesWithItsOwner() throws {
        var count = 0
        weak var seen: Timer?
        do {
            let timer = Timer(try loop) { count += 1 }
            timer.start(after: .zero)
            timer.stop()
            seen = timer
        }
        XCTAssertNil(seen)
        try run(turns: 5)
        XCTAssertEqual(count, 0)
    }

    func test_start_hugeAndNegativeDelays_doNotTrap() throws {
        var count = 0
        let never = Timer(try loop) { count += 100 }
        let now = Timer(try loop) { count += 1 }
        never.start(after: .seconds(Int64.max), every: .seconds(Int64.max))
        now.start(after: .seconds(-5))
        try run { count == 1 }
        never.stop()
    }
}
