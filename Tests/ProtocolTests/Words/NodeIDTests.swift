import XCTest

@testable import Protocol

final class NodeIDTests: XCTestCase {
    func test_init_ofAllowedText_keepsIt() {
        for text in ["a", "server1", "A.b_c-9", String(repeating: "x", count: 64)] {
            XCTAssertEqual(NodeID(text)?.text, text)
        }
    }

    func test_init_ofOtherText_isNil() {
        for text in ["", " ", "a b", "é", "a/b", "a\n", "a\"", String(repeating: "x", count: 65)] {
            XCTAssertNil(NodeID(text), text)
        }
    }
}
