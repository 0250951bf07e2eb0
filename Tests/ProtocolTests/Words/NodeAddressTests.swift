import XCTest

@testable import Protocol

final class NodeAddressTests: XCTestCase {
    func test_init_ofText_readsHostAndPort() {
        XCTAssertEqual(NodeAddress("localhost:8081"), NodeAddress(host: "localhost", port: 8081))
        XCTAssertEqual(NodeAddress("127.0.0.1:1"), NodeAddress(host: "127.0.0.1", port: 1))
        XCTAssertEqual(NodeAddress("[::1]:8081"), NodeAddress(host: "::1", port: 8081))
        XCTAssertEqual(NodeAddress(":8081"), NodeAddress(host: "localhost", port: 8081))
    }

    func test_init_ofOtherText_isNil() {
        for text in ["", "host", "host:", "host:65536", "host:-1", "host:x", "::1:8081", String(repeating: "a", count: 256) + ":1"] {
            XCTAssertNil(NodeAddress(text), text)
        }
    }

    func test_description_ofAddress_readsBack() {
        for address in [NodeAddress(host: "a.b", port: 0), NodeAddress(host: "fe80::1", port: 65535)] {
            XCTAssertEqual(NodeAddress(address.description), address)
        }
    }
}
