import XCTest

@testable import Bench

/// Replies are the same wherever the network cuts them.
final class ScannerTests: XCTestCase {
    private struct Seen: Equatable {
        var kinds: [ReplyKind] = []
        var errors: [String] = []
        var versions: [String?] = []
        var complaint: String?
    }

    private func scan(_ pieces: [ArraySlice<UInt8>], _ dialect: Dialect) -> Seen {
        var (scanner, seen) = (ReplyScanner(dialect), Seen())
        for piece in pieces {
            Array(piece).withUnsafeBytes { bytes in
                var at = 0
                while let kind = scanner.next(bytes, &at) {
                    seen.kinds.append(kind)
                    if kind == .error { seen.errors.append(scanner.errorText) }
                    scanner.withVersion { seen.versions.append($0.map { String(decoding: $0, as: UTF8.self) }) }
                }
            }
        }
        seen.complaint = scanner.complaint
        return seen
    }

    private func assertSame(
        _ text: String, _ dialect: Dialect, _ kinds: [ReplyKind], errors: [String] = [], complains: Bool = false,
        line: UInt = #line
    ) -> Seen {
        let bytes = Array(text.utf8)
        let whole = scan([bytes[...]], dialect)
        XCTAssertEqual(whole.kinds, kinds, line: line)
        XCTAssertEqual(whole.errors, errors, line: line)
        XCTAssertEqual(whole.complaint != nil, complains, whole.complaint ?? "", line: line)
        for cut in 0...bytes.count {
            XCTAssertEqual(scan([bytes[..<cut], bytes[cut...]], dialect), whole, "cut at \(cut)", line: line)
        }
        for size in 1...7 {
            let pieces = stride(from: 0, to: bytes.count, by: size).map { bytes[$0..<min(bytes.count, $0 + size)] }
            XCTAssertEqual(scan(pieces, dialect), whole, "pieces of \(size)", line: line)
        }
        return whole
    }

    func test_resp_anySplit() {
        _ = assertSame(
            "+OK\r\n$5\r\nab\r\nc\r\n$-1\r\n:-12\r\n$0\r\n\r\n-ERR no such thing\r\n*2\r\n$1\r\na\r\n:1\r\n*0\r\n*-1\r\n"
                + "*2\r\n*1\r\n+x\r\n*2\r\n-BAD in it\r\n$1\r\n+\r\n*4\r\n:1\r\n:2\r\n$2\r\nab\r\n:4\r\n+PONG\r\n",
            .resp, [.done, .done, .miss, .done, .done, .error, .done, .done, .miss, .error, .done, .done],
            errors: ["ERR no such thing", "BAD in it"])
    }

    func test_resp_nonsense_isComplainedOf() {
        for text in ["+OK\r\n?what", "+OK\r\n$x\r\n", "+OK\r\n$99999999999999999999\r\n", "+OK\r\n*99999999999\r\n"] {
            _ = assertSame(text, .resp, [.done], complains: true)
        }
        _ = assertSame(":99999999999999999999999999\r\n", .resp, [.done])
    }

    func test_resp_number_isKept() {
        var scanner = RESPScanner()
        Array(":-42\r\n".utf8).withUnsafeBytes { bytes in
            var at = 0
            XCTAssertEqual(scanner.next(bytes, &at), .done)
        }
        XCTAssertEqual(scanner.number, -42)
    }

    func test_json_anySplit() {
        let seen = assertSame(
            #"{"type":"RESPONSE","key":"k","timestamp":"t","version":"3.17","status":"SUCCESS","node":"n"}"# + "\n"
                + #"{"type":"RESPONSE","key":"k","status":"ERROR","error":"key not found","node":"n"}"# + "\n"
                + #"{"status":"ERROR","error":"busy: \"much\" is under way","type":"RESPONSE"}"# + "\n"
                + #"{"type":"RESPONSE","key":"k","value":"\"status\":\"ERROR\"","version":"4.1","status":"SUCCESS"}"# + "\n"
                + #"{"type":"RESPONSE","value":null,"status":"ERROR","error":"conflict"}"# + "\n",
            .json, [.done, .miss, .error, .done, .conflict], errors: [#"busy: "much" is under way"#])
        XCTAssertEqual(seen.versions, ["3.17", nil, nil, "4.1", nil])
    }

    func test_json_withoutStatus_isComplainedOf() {
        _ = assertSame("HTTP/1.1 400 Bad Request\r\n", .json, [], complains: true)
    }

    func test_http_anySplit() {
        let found = #"{"header":{},"kvs":[{"key":"aw=="}],"count":"1"}"#
        _ = assertSame(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(found.utf8.count)\r\n\r\n\(found)"
                + "HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n{\"header\":{}}"
                + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n{\"header\":\r\n9;x=y\r\n{},\"\"kvs\"\r\n0\r\n\r\n"
                + "HTTP/1.1 503 Unavailable\r\nContent-Length: 7\r\n\r\nno lead"
                + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
            .etcd, [.done, .miss, .done, .error, .miss, .miss], errors: ["HTTP 503: no lead"])
    }

    func test_http_nonsense_isComplainedOf() {
        for text in [
            "+OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        ] {
            _ = assertSame(text, .etcd, [], complains: true)
        }
    }
}
