import XCTest

@testable import Protocol

final class JSONRequestWritingTests: XCTestCase {
    private func line(_ request: JSONRequest) throws -> String {
        var output: [UInt8] = []
        try request.write(to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    func test_write_ofEachKind_isOneLine() throws {
        let key = Array("k\"".utf8)
        XCTAssertEqual(try line(JSONRequest(kind: .operation(.get), key: key)), #"{"type":"GET","key":"k\""}"# + "\n")
        XCTAssertEqual(
            try line(JSONRequest(kind: .operation(.delete), key: key, consistency: .all, id: [UInt8(ascii: "7")])),
            #"{"type":"DELETE","id":7,"key":"k\"","consistency":"all"}"# + "\n")
        XCTAssertEqual(
            try line(JSONRequest(kind: .operation(.set(value: [0xFF], ttlMilliseconds: 1050)), key: key)),
            #"{"type":"SET","key":"k\"","value":"/w==","encoding":"base64","ttl":1.05}"# + "\n")
        XCTAssertEqual(try line(JSONRequest(kind: .status)), #"{"type":"STATUS"}"# + "\n")
    }

    func test_write_ofWhatANodeRefuses_throws() {
        let long = [UInt8](repeating: 97, count: Limits.keyBytesMax + 1)
        for key in [[], long, [0xFF]] {
            XCTAssertThrowsError(try line(JSONRequest(kind: .operation(.get), key: key)))
        }
        let value = [UInt8](repeating: 0, count: Limits.valueBytesMax + 1)
        XCTAssertThrowsError(
            try line(JSONRequest(kind: .operation(.set(value: value, ttlMilliseconds: nil)), key: [97])))
    }

    func test_write_ofAnyRequest_readsBackEqual() throws {
        var random = SeededGenerator(seed: 9)
        var output: [UInt8] = []
        var requests: [JSONRequest] = []
        for round in 0..<2000 {
            let key = Array(("k" + random.text(Int.random(in: 0..<40, using: &random))).utf8)
            let value = round % 3 == 0 ? random.bytes(round % 50) : Array(random.text(round % 50).utf8)
            let ttl = round % 2 == 0 ? nil : UInt64.random(in: 1...3_153_600_000_000, using: &random)
            let kinds: [JSONRequest.Kind] = [
                .operation(.set(value: value, ttlMilliseconds: ttl)), .operation(.get), .operation(.delete), .status,
            ]
            let kind = kinds[Int.random(in: 0..<4, using: &random)]
            let level = Consistency.allCases[round % 3]
            requests.append(
                kind == .status
                    ? JSONRequest(kind: .status, id: Array("\(round)".utf8))
                    : JSONRequest(kind: kind, key: key, consistency: level, id: round % 5 == 0 ? nil : Array("\(round)".utf8)))
            try requests[round].write(to: &output)
        }
        var reader = JSONRequestReader(parser: JSONRequestParser())
        var found: [JSONRequest] = []
        var at = 0
        while at < output.count {
            let next = min(at + Int.random(in: 1...500, using: &random), output.count)
            reader.append(Array(output[at..<next]))
            while let request = try reader.next() { found.append(request) }
            at = next
        }
        XCTAssertEqual(found, requests)
        XCTAssertEqual(reader.pendingBytes, 0)
    }
}
