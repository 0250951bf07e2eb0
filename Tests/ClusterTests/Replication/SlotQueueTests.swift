import Protocol
import XCTest

@testable import Cluster

final class SlotQueueTests: XCTestCase {
    func test_randomWork_isLikeAnArrayWithoutRepetitions() {
        var random = Random(seed: 7)
        var queue = SlotQueue()
        var model: [Slot] = []
        for _ in 0..<5_000 {
            if Int.random(in: 0..<5, using: &random) < 3 {
                guard let slot = Slot(Int.random(in: 0..<100, using: &random)) else { continue }
                queue.append(slot)
                if !model.contains(slot) { model.append(slot) }
            } else {
                queue.removeFirst()
                if !model.isEmpty { model.removeFirst() }
            }
            XCTAssertEqual(queue.first, model.first)
            XCTAssertEqual(queue.count, model.count)
        }
    }
}
