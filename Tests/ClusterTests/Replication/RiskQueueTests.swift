import Protocol
import XCTest

@testable import Cluster

final class RiskQueueTests: XCTestCase {
    private func slot(_ number: Int) throws -> Slot { try XCTUnwrap(Slot(number)) }

    func test_removeFirst_fewestCopiesFirst_thenByNumber() throws {
        var queue = RiskQueue()
        for (number, copies) in [(5, 2), (9, 0), (3, 1), (4, 1), (1, 2)] {
            queue.insert(try slot(number), copies: copies)
        }
        var order: [Int] = []
        while let next = queue.removeFirst() { order.append(next.index) }
        XCTAssertEqual(order, [9, 3, 4, 1, 5])
        XCTAssertTrue(queue.isEmpty)
    }

    func test_insert_again_movesIt() throws {
        var queue = RiskQueue()
        queue.insert(try slot(1), copies: 1)
        queue.insert(try slot(2), copies: 2)
        queue.insert(try slot(2), copies: 0)
        XCTAssertEqual(queue.removeFirst()?.index, 2)
        XCTAssertEqual(queue.removeFirst()?.index, 1)
        XCTAssertNil(queue.removeFirst())
    }
}
