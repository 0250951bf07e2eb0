import Protocol
import XCTest

@testable import Cluster

final class OriginNumbersTests: XCTestCase {
    func test_beyondTheHighestOfItsOrigin_isNew() {
        var numbers = OriginNumbers()
        XCTAssertFalse(numbers.mayReach(RequestID(origin: 1, number: 1)))
        numbers.note(RequestID(origin: 1, number: 5))
        numbers.note(RequestID(origin: 1, number: 3))
        XCTAssertTrue(numbers.mayReach(RequestID(origin: 1, number: 5)))
        XCTAssertFalse(numbers.mayReach(RequestID(origin: 1, number: 6)))
        XCTAssertFalse(numbers.mayReach(RequestID(origin: 2, number: 1)))
    }

    func test_moreOriginsThanHaveRoom_thoseThatAreGone_mayReach() {
        var numbers = OriginNumbers()
        for origin in UInt64(1)...9 { numbers.note(RequestID(origin: origin, number: 4)) }
        XCTAssertTrue(numbers.mayReach(RequestID(origin: 1, number: 9)))
        XCTAssertTrue(numbers.mayReach(RequestID(origin: 9, number: 4)))
        XCTAssertFalse(numbers.mayReach(RequestID(origin: 9, number: 5)))
    }
}
