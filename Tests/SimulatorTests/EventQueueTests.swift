import Cluster
import Simulator
import XCTest

final class EventQueueTests: XCTestCase {
    private func order(seed: UInt64) -> [Int] {
        var queue = EventQueue<Int>(seed: seed)
        for number in 0..<100 { queue.insert(number, at: Instant(microseconds: UInt64(number % 7))) }
        var popped: [Int] = []
        while let next = queue.popFirst(notAfter: Instant(microseconds: 100)) { popped.append(next.event) }
        return popped
    }

    func test_popFirst_ordersByTime() {
        XCTAssertEqual(order(seed: 1).map { $0 % 7 }, order(seed: 1).map { $0 % 7 }.sorted())
        XCTAssertEqual(Set(order(seed: 1)).count, 100)
    }

    func test_popFirst_atOneTime_orderIsTheSeeds() {
        XCTAssertEqual(order(seed: 1), order(seed: 1))
        XCTAssertNotEqual(order(seed: 1), order(seed: 2))
    }

    func test_popFirst_beyondTheEnd_leavesWhatComesLater() {
        var queue = EventQueue<Int>(seed: 1)
        queue.insert(1, at: Instant(microseconds: 10))
        XCTAssertNil(queue.popFirst(notAfter: Instant(microseconds: 9)))
        XCTAssertEqual(queue.popFirst(notAfter: Instant(microseconds: 10))?.event, 1)
    }
}
