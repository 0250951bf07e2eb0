import XCTest

@testable import Client

final class TorcStatusTests: XCTestCase {
    private let text = #"""
        {"ring":{"id":"r1","replicas":3},"nodes":[
          {"id":"s1","addr":"127.0.0.1:8081","zone":"","status":"active","liveness":"alive",
           "targets":16384,"holds":16000,"keys":12,"bytes":3400},
          {"id":"s2","addr":"[::1]:8082","zone":"b","status":"down","liveness":"dead"}],
         "waiting":[{"node":"s1","what":"384 slots","waiting_for":"s2 \"back\" \u00e9\ud83d\ude00"}]}
        """#

    func test_status_full_isRead() throws {
        let status = try XCTUnwrap(TorcStatus(json: Array(text.utf8)))
        XCTAssertEqual(status.ring.map(\.name), ["id", "replicas"])
        XCTAssertEqual(status.ring.map(\.value), ["r1", "3"])
        XCTAssertEqual(status.nodes.map(\.id), ["s1", "s2"])
        XCTAssertEqual(status.nodes[0].holds, 16000)
        XCTAssertNil(status.nodes[1].keys)
        XCTAssertEqual(status.waiting.map(\.waitingFor), ["s2 \"back\" é😀"])
        XCTAssertEqual(status.json, text)
    }

    /// No text that is cut short, and none with a byte too many, is one.
    func test_status_everyPrefixAndSuffix_isRefused() {
        let bytes = Array(text.utf8)
        for end in bytes.indices { XCTAssertNil(TorcStatus(json: Array(bytes[..<end])), "\(end)") }
        XCTAssertNil(TorcStatus(json: bytes + Array("}".utf8)))
    }

    func test_status_otherShapes_areRefused() {
        for other in ["", "null", "[]", "{}", #"{"nodes":{}}"#, #"{"nodes":"x"}"#] {
            XCTAssertNil(TorcStatus(json: Array(other.utf8)), other)
        }
    }

    func test_json_malformed_isNil() {
        for bad in [
            "01x", "tru", "+", "{\"a\"}", "{\"a\":1,}", "[1,]", "[1 2]", "\"\\q\"", "\"\\ud800\"", "\"\\udc00\"",
            "\"\\ud800\\u0041\"", "\"\\u00g0\"", "\"\u{1}\"", "nan", "inf", "0x10",
            String(repeating: "[", count: 100_000),
        ] {
            XCTAssertNil(JSONReader.read(Array(bad.utf8)), String(bad.prefix(20)))
        }
        XCTAssertNil(JSONReader.read([0x22, 0xFF, 0x22]))
    }

    func test_json_wellFormed_isRead() {
        XCTAssertEqual(
            JSONReader.read(Array(" {\"a\" : [ 1 , -2.5e3 , true , false , null , { } , [ ] , \"\\n\\/\" ] } ".utf8)),
            .object([
                (
                    "a",
                    .array([
                        .number("1"), .number("-2.5e3"), .boolean(true), .boolean(false), .null, .object([]),
                        .array([]), .string("\n/"),
                    ])
                )
            ]))
    }
}
