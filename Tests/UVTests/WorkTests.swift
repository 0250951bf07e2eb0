import Glibc
import Synchronization
import UV
import XCTest

final class WorkTests: LoopTestCase {
    func test_run_isOnAnotherThread_andItsProductComesBackToTheLoop() throws {
        let here = pthread_self()
        var products: [(thread: pthread_t, number: Int)] = []
        for number in 0..<20 {
            Work(try loop).run({ (pthread_self(), number) }, done: { thread, number in
                XCTAssertEqual(pthread_self(), here)
                products.append((thread, number))
            })
        }
        XCTAssertTrue(products.isEmpty)
        try run { products.count == 20 }
        XCTAssertEqual(products.map(\.number).sorted(), Array(0..<20))
        XCTAssertFalse(products.contains { $0.thread == here })
    }

    func test_loopGoesOnMeanwhile() throws {
        var isDone = false
        var turns = 0
        let gate = Gate()
        // Else the loop could not be closed where this fails.
        defer { gate.open() }
        Work(try loop).run({ gate.wait() }, done: { isDone = true })
        let ticker = Timer(try loop) {
            turns += 1
            if turns == 10 { gate.open() }
        }
        ticker.start(after: .milliseconds(1), every: .milliseconds(1))
        try run { isDone }
        XCTAssertGreaterThanOrEqual(turns, 10)
        ticker.close()
    }

    func test_close_withWorkUnderWay_waitsForIt() throws {
        let count = Gate()
        var done = 0
        for _ in 0..<20 { Work(try loop).run({ count.pass() }, done: { done += 1 }) }
        try loop.close()
        XCTAssertEqual([done, count.passed], [20, 20])
    }

    /// Holds threads up, and counts those that came through.
    private final class Gate: Sendable {
        private let isOpen = Atomic(false)
        private let count = Atomic(0)

        var passed: Int { count.load(ordering: .relaxed) }
        func open() { isOpen.store(true, ordering: .relaxed) }
        func pass() { count.add(1, ordering: .relaxed) }
        func wait() { while !isOpen.load(ordering: .relaxed) { usleep(200) } }
    }
}
