import XCTest

@testable import Protocol

final class ConsistencyTests: XCTestCase {
    func test_init_ofName_ignoresCase() {
        for level in Consistency.allCases {
            XCTAssertEqual(Consistency(name: level.name), level)
            XCTAssertEqual(Consistency(name: level.name.uppercased()), level)
        }
        XCTAssertNil(Consistency(name: "two"))
    }
}
