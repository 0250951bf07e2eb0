import Protocol
import XCTest

@testable import Bench

/// What is sent is what the servers' own readers understand.
final class RequestFormsTests: XCTestCase {
    private let value = Array("0123456789".utf8)

    private func bytes(
        _ dialect: Dialect, _ verb: Verb, key: UInt64, size: Int = 10, consistency: Consistency = .quorum
    ) -> [UInt8] {
        let forms = RequestForms(dialect, valueSize: size, consistency: consistency)
        var output = OutputBuffer(capacity: 0)
        let pool = [UInt8](repeating: UInt8(ascii: "v"), count: 4 * size)
        pool.withUnsafeBytes { pool in
            guard let base = pool.baseAddress else { return }
            forms.template(verb).append(key: key, value: base, to: &output)
        }
        XCTAssertEqual(output.count, forms.template(verb).length)
        return Array(output.bytes)
    }

    private func words(_ bytes: [UInt8]) throws -> [String] {
        let reader = RESPReader()
        reader.append(bytes)
        let command = try XCTUnwrap(reader.next())
        XCTAssertNil(try reader.next())
        return (0..<command.count).map { String(decoding: command[$0], as: UTF8.self) }
    }

    func test_resp_isReadAsTheCommandMeant() throws {
        let value = String(repeating: "v", count: 10)
        for (verb, expected) in [
            (Verb.get, ["GET", "key:000000000007"]), (.set, ["SET", "key:000000000007", value]),
            (.del, ["DEL", "key:000000000007"]), (.incr, ["INCR", "num:000000000007"]),
            (.append, ["APPEND", "app:000000000007", value]), (.ping, ["PING"]),
            (.insert, ["SET", "key:000000000007", value]), (.rmw, ["GET", "key:000000000007"]),
            (.fill, ["SET", "key:000000000007", value, "NX"]),
        ] {
            XCTAssertEqual(try words(bytes(.resp, verb, key: 7)), expected)
        }
        XCTAssertEqual(try words(bytes(.resp, .get, key: 987_654_321_012)), ["GET", "key:987654321012"])
    }

    private func request(_ bytes: [UInt8]) throws -> JSONRequest {
        let reader = JSONRequestReader(parser: JSONRequestParser())
        reader.append(bytes)
        return try XCTUnwrap(reader.next())
    }

    func test_json_isReadAsTheRequestMeant() throws {
        for consistency in Consistency.allCases {
            for verb in Verb.allCases where verb != .ping {
                let request = try request(bytes(.json, verb, key: 42, consistency: consistency))
                XCTAssertEqual(request.consistency, consistency)
                XCTAssertEqual(String(decoding: request.key, as: UTF8.self), "\(verb.keyPrefix)000000000042")
            }
        }
        let value = [UInt8](repeating: UInt8(ascii: "v"), count: 10)
        XCTAssertEqual(try request(bytes(.json, .set, key: 1)).kind, .operation(.write(Write(.set(value), for: .forever))))
        XCTAssertEqual(
            try request(bytes(.json, .fill, key: 1)).kind,
            .operation(.write(Write(.set(value), if: .absent, for: .forever))))
        XCTAssertEqual(try request(bytes(.json, .incr, key: 1)).kind, .operation(.write(Write(.add(1), for: .kept))))
    }

    func test_json_writeAfterARead_isOnConditionOfItsVersion() throws {
        let forms = RequestForms(.json, valueSize: 10, consistency: .all)
        for version in ["3.17", nil] {
            var output = OutputBuffer(capacity: 0)
            value.withUnsafeBytes { value in
                guard let base = value.baseAddress else { return }
                if let version {
                    Array(version.utf8).withUnsafeBytes { forms.appendWrite(key: 5, value: base, version: $0, to: &output) }
                } else {
                    forms.appendWrite(key: 5, value: base, version: nil, to: &output)
                }
            }
            let expectation = try version.map { Expectation.version(try XCTUnwrap(Version(text: $0))) } ?? .absent
            XCTAssertEqual(
                try request(Array(output.bytes)).kind,
                .operation(.write(Write(.set(value), if: expectation, for: .forever))))
        }
    }

    func test_etcd_keysAndLengthsAreRight() throws {
        for (verb, size) in [(Verb.get, 10), (.set, 10), (.set, 11), (.set, 12), (.fill, 1), (.del, 10)] {
            let text = String(decoding: bytes(.etcd, verb, key: 123_456, size: size), as: UTF8.self)
            let parts = text.components(separatedBy: "\r\n\r\n")
            XCTAssertEqual(parts.count, 2)
            XCTAssertTrue(parts[0].contains("\r\nContent-Length: \(parts[1].utf8.count)"), parts[0])
            let body = try XCTUnwrap(JSONSerialization.jsonObject(with: Data(parts[1].utf8)) as? [String: String])
            XCTAssertEqual(body["key"].flatMap { Data(base64Encoded: $0) }, Data("key:000000123456".utf8))
            if let value = body["value"] { XCTAssertEqual(Data(base64Encoded: value)?.count, size) }
        }
    }

    func test_targets_areSpokenToInWhatTheyKnow() throws {
        let address = [NodeAddress(host: "h", port: 1)]
        XCTAssertEqual(try Target(kind: .torc, addresses: address).dialect(nil), .resp)
        XCTAssertEqual(try Target(kind: .torc, addresses: address).dialect(.json), .json)
        XCTAssertEqual(try Target(kind: .etcd, addresses: address).dialect(nil), .etcd)
        for (kind, wire, words) in [
            (Target.Kind.torc, WireProtocol.http, "does not serve keys over HTTP"), (.redis, .json, "speaks resp only"),
            (.etcd, .resp, "HTTP gateway only"),
        ] {
            XCTAssertThrowsError(try Target(kind: kind, addresses: address).dialect(wire)) { error in
                XCTAssertTrue((error as? BenchError)?.message.contains(words) ?? false, "\(error)")
            }
        }
    }
}
