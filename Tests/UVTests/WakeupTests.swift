import UV
import XCTest

final class WakeupTests: LoopTestCase {
    func test_wake_fromAnotherThread_runsOnTheLoop() throws {
        let loop = try loop
        let thread = Thread.current
        var isHere = false
        let wakeup = try Wakeup(loop) {
            isHere = Thread.current === thread
            loop.stop()
        }
        Thread.detachNewThread { wakeup.wake() }
        try runUntilStopped()
        XCTAssertTrue(isHere)
    }

    func test_wake_manyTimes_comesAfterTheLastOne() throws {
        let loop = try loop
        let sent = Counter()
        var seen = 0
        let wakeup = try Wakeup(loop) {
            seen = sent.value
            if seen == 10_000 { loop.stop() }
        }
        Thread.detachNewThread {
            for _ in 0..<10_000 {
                sent.add()
                wakeup.wake()
            }
        }
        try runUntilStopped()
        XCTAssertEqual(seen, 10_000)
    }

    func test_wake_whileAndAfterTheLoopCloses_doesNothing() throws {
        let stop = Counter()
        let loop = try loop
        var calls = 0
        let wakeup = try Wakeup(loop) { calls += 1 }
        let done = expectation(description: "thread ended")
        Thread.detachNewThread {
            while stop.value == 0 { wakeup.wake() }
            done.fulfill()
        }
        try run { calls > 0 }
        loop.close()
        let before = calls
        for _ in 0..<1_000 { wakeup.wake() }
        stop.add()
        wait(for: [done], timeout: 10)
        XCTAssertEqual(calls, before)
    }

    func test_close_fromAnotherThread_letsGoOfEverything() throws {
        weak var seen: Counter?
        let wakeup: Wakeup
        do {
            let held = Counter()
            seen = held
            wakeup = try Wakeup(try loop) { held.add() }
        }
        XCTAssertNotNil(seen)
        Thread.detachNewThread { wakeup.close() }
        try run { seen == nil }
        wakeup.close()
    }

    func test_run_openWakeup_keepsRunning_closedOneDoesNot() throws {
        let loop = try loop
        let wakeup = try Wakeup(loop) {}
        Thread.detachNewThread { wakeup.close() }
        loop.run()  // returns by itself
        XCTAssertEqual(loop.handleCount, 0)
    }
}

/// A number that threads share.
final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0
    var value: Int { lock.withLock { count } }
    func add() { lock.withLock { count += 1 } }
}
