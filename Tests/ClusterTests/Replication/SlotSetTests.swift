import Protocol
import XCTest

@testable import Cluster

final class SlotSetTests: XCTestCase {
    func test_randomWork_isLikeASetInOrder() {
        var random = Random(seed: 3)
        var set = SlotSet()
        var model: Set<Slot> = []
        for _ in 0..<3_000 {
            guard let slot = Slot(Int.random(in: 0..<200, using: &random) * 81) else { continue }
            if Bool.random(using: &random) {
                set.insert(slot)
                model.insert(slot)
            } else {
                set.remove(slot)
                model.remove(slot)
            }
            XCTAssertEqual(set.count, model.count)
        }
        XCTAssertEqual(Array(set), model.sorted())
        XCTAssertEqual(set.removeFirst(), model.min())
        XCTAssertEqual(Array(set.take()), Array(model.sorted().dropFirst()))
        XCTAssertTrue(set.isEmpty)
        XCTAssertNil(set.removeFirst())
    }

    func test_firstAndLastSlot_areKept() {
        var set = SlotSet()
        for number in [0, 63, 64, 16_383] { Slot(number).map { set.insert($0) } }
        XCTAssertEqual(set.map(\.index), [0, 63, 64, 16_383])
    }

    func test_removeFirst_preferring_takesWhatIsInBoth() {
        var set = SlotSet()
        var preferred = SlotSet()
        for number in [3, 100, 200, 16_383] { Slot(number).map { set.insert($0) } }
        for number in [99, 200, 16_383] { Slot(number).map { preferred.insert($0) } }
        XCTAssertEqual(set.removeFirst(preferring: preferred)?.index, 200)
        XCTAssertEqual(set.removeFirst(preferring: preferred)?.index, 16_383)
        XCTAssertEqual(set.removeFirst(preferring: preferred)?.index, 3)
        XCTAssertEqual(set.map(\.index), [100])
    }
}
