import XCTest

@testable import Protocol

final class JSONRequestWritingTests: XCTestCase {
    private func line(_ request: JSONRequest) throws -> String {
        var output: [UInt8] = []
        try request.write(to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    private func name(_ sequence: UInt64, isRetry: Bool = false) -> RequestName {
        RequestName(client: Array("c\"".utf8), sequence: sequence, isRetry: isRetry)
    }

    private func swap(_ expectation: Expectation, _ value: [UInt8]) -> JSONRequest {
        JSONRequest(kind: .operation(.compareAndSet(expect: expectation, value: value)), key: [97])
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
        XCTAssertEqual(
            try line(JSONRequest(kind: .operation(.add(-3)), key: [97], name: name(1, isRetry: true))),
            #"{"type":"INCR","key":"a","by":-3,"client":"c\"","seq":1,"retry":true}"# + "\n")
        XCTAssertEqual(
            try line(JSONRequest(kind: .operation(.append([97])), key: [97], consistency: .all, name: name(0))),
            #"{"type":"APPEND","key":"a","value":"a","consistency":"all","client":"c\"","seq":0}"# + "\n")
        XCTAssertEqual(
            try line(swap(.value([0xFF]), [97])),
            #"{"type":"CAS","key":"a","value":"YQ==","expect":"/w==","encoding":"base64"}"# + "\n")
        XCTAssertEqual(try line(swap(.absent, [97])), #"{"type":"CAS","key":"a","value":"a","expect":null}"# + "\n")
        XCTAssertEqual(
            try line(swap(.version(Version(epoch: 3, sequence: 17)), [97])),
            #"{"type":"CAS","key":"a","value":"a","if":"3.17"}"# + "\n")
        XCTAssertEqual(try line(JSONRequest(kind: .status)), #"{"type":"STATUS"}"# + "\n")
    }

    func test_write_ofWhatANodeRefuses_throws() {
        let long = [UInt8](repeating: 97, count: Limits.keyBytesMax + 1)
        for key in [[], long, [0xFF]] {
            XCTAssertThrowsError(try line(JSONRequest(kind: .operation(.get), key: key)))
        }
        let value = [UInt8](repeating: 0, count: Limits.valueBytesMax + 1)
        XCTAssertThrowsError(try line(swap(.value(value), [])))
        XCTAssertThrowsError(try line(swap(.absent, value)))
        for write in [
            Write(.setBit(1, to: true), for: .kept), Write(.set([]), for: .until(Timestamp(milliseconds: 1))),
            Write(.set([]), if: .lasting, for: .kept), Write(.addDecimal([0x78]), for: .kept), Write(.keep, for: .kept),
        ] { XCTAssertThrowsError(try line(JSONRequest(kind: .operation(.write(write)), key: [97])), "\(write)") }
        for client in [[], [0xFF], [UInt8](repeating: 97, count: Limits.clientNameBytesMax + 1)] {
            let name = RequestName(client: client, sequence: 1, isRetry: false)
            XCTAssertThrowsError(try line(JSONRequest(kind: .operation(.delete), key: [97], name: name)))
        }
        XCTAssertThrowsError(
            try line(JSONRequest(kind: .operation(.set(value: value, ttlMilliseconds: nil)), key: [97])))
    }

    private func write(_ value: [UInt8], _ round: Int, _ random: inout SeededGenerator) -> Write {
        let actions: [Write.Action] = [
            .set(value), .keep, .append(value), .overwrite(offset: random.next(), value), .addDecimal(Array("-1.5e3".utf8)),
        ]
        let lifetimes: [Write.Lifetime] = [.forever, .milliseconds(UInt64(round) + 1), .kept]
        let action = actions[round % 5]
        return Write(
            action, if: round % 3 == 0 ? .any : round % 3 == 1 ? .present : expectation(value, round, &random),
            for: lifetimes[(round / 5) % (action == .keep ? 2 : 3)], answersOld: round % 2 == 0)
    }

    private func expectation(_ value: [UInt8], _ round: Int, _ random: inout SeededGenerator) -> Expectation {
        switch round % 4 {
        case 0: .absent
        case 1: .value(value)
        case 2: .value(random.bytes(round % 50))
        default: .version(Version(epoch: Epoch(round), sequence: random.next() & Version.sequenceMax))
        }
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
                .operation(.add(.random(in: .min ... .max, using: &random))), .operation(.append(value)),
                .operation(.compareAndSet(expect: expectation(value, round, &random), value: value)),
                .operation(.write(self.write(value, round, &random))),
            ]
            let kind = kinds[Int.random(in: 0..<kinds.count, using: &random)]
            let isNamed = kind != .status && round % 4 < 2
            let level = Consistency.allCases[round % 3]
            requests.append(
                kind == .status
                    ? JSONRequest(kind: .status, id: Array("\(round)".utf8))
                    : JSONRequest(kind: kind, key: key, consistency: level, id: round % 5 == 0 ? nil : Array("\(round)".utf8),
                        name: isNamed ? name(random.next(), isRetry: round % 4 == 0) : nil))
            try requests[round].write(to: &output)
        }
        let reader = JSONRequestReader(parser: JSONRequestParser())
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
