import Protocol
import XCTest

@testable import Cluster

/// The queue of news, against what it promises.
final class RumorQueueTests: XCTestCase {
    func test_send_untilNothingIsLeft_offersEachAsOftenAsTheLimit() {
        for limit in [1, 3, 8] {
            var queue = RumorQueue()
            for number in 0..<50 { queue.add(number) }
            var times = [Int](repeating: 0, count: 50)
            var rounds = 0
            while !queue.isEmpty, rounds < 1_000 {
                rounds += 1
                var space = 7
                queue.send(limit: limit) { number in
                    guard space > 0 else { return nil }
                    space -= 1
                    times[number] += 1
                    return true
                }
            }
            XCTAssertEqual(times, [Int](repeating: limit, count: 50))
        }
    }

    func test_send_takesTheLeastOftenSentFirst() {
        var random = Random(seed: 1)
        var queue = RumorQueue()
        var sent: [Int: Int] = [:]
        for step in 0..<2_000 {
            if step % 3 == 0 {
                let number = Int.random(in: 0..<40, using: &random)
                queue.add(number)
                sent[number] = 0
            }
            var (space, last) = (Int.random(in: 0...6, using: &random), 0)
            queue.send(limit: 10) { number in
                XCTAssertGreaterThanOrEqual(sent[number] ?? -1, last, "step \(step)")
                last = sent[number] ?? 0
                if number % 7 == 0 { return false }
                guard space > 0 else { return nil }
                space -= 1
                sent[number, default: 0] += 1
                return true
            }
            sent = sent.filter { $0.value < 10 }
            XCTAssertEqual(queue.count, sent.count)
            for number in 0..<40 { XCTAssertEqual(queue.contains(number), sent[number] != nil) }
        }
    }

    func test_add_ofQueuedNews_beginsAnew() {
        var queue = RumorQueue()
        queue.add(1)
        queue.send(limit: 3) { _ in true }
        queue.send(limit: 3) { _ in true }
        queue.add(1)
        var times = 0
        while !queue.isEmpty, times < 10 {
            queue.send(limit: 3) { _ in
                times += 1
                return true
            }
        }
        XCTAssertEqual(times, 3)
    }

    func test_hush_leavesOnlySoManyTimes() {
        var queue = RumorQueue()
        for number in 0..<10 { queue.add(number) }
        queue.hush(5..<10, toBeSent: 2, limit: 8)
        queue.hush(0..<2, toBeSent: 0, limit: 8)
        XCTAssertEqual(queue.count, 8)
        var times = [Int](repeating: 0, count: 10)
        for _ in 0..<20 {
            queue.send(limit: 8) { number in
                times[number] += 1
                return true
            }
        }
        XCTAssertEqual(times, [0, 0, 8, 8, 8, 2, 2, 2, 2, 2])
        XCTAssertTrue(queue.isEmpty)
    }
}
