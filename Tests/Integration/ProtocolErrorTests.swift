import Protocol
import XCTest

/// What is no request, on a real connection: the answer names what is wrong, and the connection goes on where
/// the next object can be found.
final class ProtocolErrorTests: IntegrationTestCase {
    private static let get = #"{"type":"GET","key":"known"}"#

    private func knownClient() throws -> LineClient {
        let client = try LineClient(port: startLoneNode().port)
        try client.set("known", "value")
        return client
    }

    func test_badRequests_areNamedAndTheConnectionGoesOn() throws {
        let cases: [(request: String, words: String)] = [
            (#"{"type":"GET","key":}"#, "bad JSON"),
            (#"not json"#, "bad JSON"),
            (#"{"type":"PUT","key":"k"}"#, #"unknown type "PUT""#),
            (#"{"type":"RESPONSE","key":"k"}"#, "RESPONSE is not a request"),
            (#"{"key":"k"}"#, "missing type"),
            (#"{"type":"GET"}"#, "missing key"),
            (#"{"type":"GET","key":""}"#, "empty key"),
            (#"{"type":"SET","key":"k"}"#, "missing value"),
            (#"{"type":"SET","key":"k","value":7}"#, #"field "value" must be a string, not a number"#),
            (#"{"type":7,"key":"k"}"#, #"field "type" must be a string"#),
            (#"{"type":"GET","key":["k"]}"#, "nesting"),
            (#"{"type":"SET","key":"k","value":{"a":"b"}}"#, "nesting"),
            (#"{"type":"GET","key":"k","key":"k"}"#, #"duplicate field "key""#),
            (#"{"type":"GET","key":"\udc00"}"#, "lone surrogate"),
            (#"{"type":"GET","key":"k","consistency":"most"}"#, "unknown consistency"),
            (#"{"type":"SET","key":"k","value":"v","ttl":-1}"#, "ttl"),
            (#"{"type":"SET","key":"k","value":"!","encoding":"base64"}"#, "bad base64"),
            ("{\"type\":\"GET\",\"key\":\"\(String(repeating: "k", count: 4_097))\"}", "over the limit of 4096 bytes"),
        ]
        let client = try knownClient()
        for (request, words) in cases {
            let answer = try client.ask(request)
            XCTAssertFalse(answer.isSuccess, request)
            XCTAssertTrue(answer.error?.contains(words) == true, "\(request): \(answer.error ?? "?")")
            XCTAssertEqual(try client.get("known"), "value", request)
        }
    }

    func test_invalidUTF8_isNamedAndTheConnectionGoesOn() throws {
        let client = try knownClient()
        try client.send(Array(#"{"type":"GET","key":""#.utf8) + [0xFF, 0xC0] + Array("\"}\n".utf8))
        XCTAssertTrue(try client.receive().error?.contains("invalid UTF-8") == true)
        XCTAssertEqual(try client.get("known"), "value")
    }

    func test_errors_carryIDAndKey() throws {
        let answer = try knownClient().ask(#"{"type":"PUT","id":"x1","key":"k"}"#)
        XCTAssertEqual(answer.id, Array("\"x1\"".utf8))
        XCTAssertEqual(answer.key, Array("k".utf8))
        XCTAssertEqual(answer.node, "server1")
    }

    func test_typesInAnyCaseAndUnknownFields_areTaken() throws {
        let client = try knownClient()
        for type in ["get", "Get", "gEt"] {
            let request = "{\"type\":\"\(type)\",\"key\":\"known\",\"colour\":\"red\",\"timestamp\":\"2026-01-01T00:00:00Z\"}"
            XCTAssertEqual(try client.ask(request).value, Array("value".utf8))
        }
    }

    func test_objectsWithoutNewlines_inSmallPieces_areAnsweredInOrder() throws {
        let client = try knownClient()
        let other = #"{"type":"GET","key":"other"}"#
        for byte in (ProtocolErrorTests.get + other + ProtocolErrorTests.get).utf8 { try client.send([byte]) }
        XCTAssertEqual(try client.receive().value, Array("value".utf8))
        XCTAssertEqual(try client.receive().error, "key not found")
        XCTAssertEqual(try client.receive().value, Array("value".utf8))
    }

    func test_valueAtItsLimit_isKept_andOneByteMoreIsRefused() throws {
        let client = try knownClient()
        let value = String(repeating: "v", count: Limits.valueBytesMax)
        try client.set("large", value)
        XCTAssertEqual(try client.get("large")?.utf8.count, Limits.valueBytesMax)
        let answer = try client.ask(LineClient.setRequest("larger", value + "v"))
        XCTAssertTrue(answer.error?.contains("over the limit of 16777216 bytes") == true, answer.error ?? "?")
        XCTAssertEqual(try client.get("known"), "value")
    }

    func test_endlessNesting_isRefusedEarlyAndTheConnectionClosed() throws {
        let client = try knownClient()
        try client.send(#"{"type":"GET","key":"# + String(repeating: "[", count: 70_000))
        XCTAssertTrue(try client.receive().error?.contains("nesting") == true)
        XCTAssertTrue(try client.isClosedByNode())
    }

    func test_objectOverItsLimit_isRefusedWithoutBeingKept() throws {
        let node = try startLoneNode()
        let client = try LineClient(port: node.port)
        try client.send(#"{"type":"SET","key":"k","value":""#)
        let piece = [UInt8](repeating: UInt8(ascii: "v"), count: 1 << 20)
        // The node may close before all of it is sent.
        do { for _ in 0..<(Limits.jsonObjectBytesMax >> 20) + 2 { try client.send(piece) } } catch is LineClient.Failure {}
        XCTAssertTrue(try client.receive().error?.contains("over the limit") == true)
        XCTAssertEqual(try LineClient(port: node.port).status().nodes.count, 1)
    }

    func test_inputThatEndsInAnObject_isNamed() throws {
        let client = try knownClient()
        try client.send(#"{"type":"GET","ke"#)
        client.finishSending()
        XCTAssertTrue(try client.receive().error?.contains("the input ends") == true)
        XCTAssertTrue(try client.isClosedByNode())
    }

    func test_faultsOfRedisAndHTTP_areRefusedInTheirOwnWords() throws {
        let node = try startLoneNode()
        for (request, answer) in [("*1\r\n:4\r\n", "-ERR Protocol error: "), ("GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 501")] {
            let client = try LineClient(port: node.port)
            try client.send(request)
            let bytes = try XCTUnwrap(client.receiveBytes())
            XCTAssertTrue(String(decoding: bytes, as: UTF8.self).hasPrefix(answer))
        }
    }

    func test_garbage_leavesTheNodeAlive() throws {
        let node = try startLoneNode()
        for seed in 0..<20 as Range<UInt8> {
            let client = try LineClient(port: node.port)
            // What it does with it is its own affair, and it may close before all is sent.
            try? client.send((0..<2_000).map { UInt8(truncatingIfNeeded: $0 * 31 + Int(seed) * 13 + $0 / 7) })
        }
        XCTAssertEqual(try LineClient(port: node.port).status().nodes.count, 1)
        XCTAssertTrue(node.process.isRunning)
    }
}
