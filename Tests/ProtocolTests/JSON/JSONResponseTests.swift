import XCTest

@testable import Protocol

final class JSONResponseTests: XCTestCase {
    private let version = Version(epoch: 3, sequence: 17)
    private let time = Timestamp(milliseconds: 1_795_251_600_123)

    private func node() throws -> NodeID { try XCTUnwrap(NodeID("server1")) }

    private func line(
        _ outcome: Outcome, to operation: Protocol.Operation = .get, id: String? = nil, key: String = "k"
    ) throws -> String {
        let request = JSONRequest(kind: .operation(operation), key: Array(key.utf8), id: id.map { Array($0.utf8) })
        var output: [UInt8] = []
        JSONResponseWriter.write(outcome, to: request, node: try node(), into: &output)
        return String(decoding: output, as: UTF8.self)
    }

    private func entry(_ value: [UInt8]) -> Outcome {
        .found(Entry(value: value, version: version, timestamp: time, expiry: nil))
    }

    // MARK: - Writing

    func test_write_ofFound_carriesValueTimeAndVersion() throws {
        XCTAssertEqual(
            try line(entry(Array("v\n".utf8)), id: "\"x\""),
            #"{"type":"RESPONSE","id":"x","key":"k","value":"v\n","timestamp":"2026-11-21T09:00:00.123Z","version":"3.17","status":"SUCCESS","node":"server1"}"#
                + "\n")
        XCTAssertEqual(
            try line(entry([0xFF])),
            #"{"type":"RESPONSE","key":"k","value":"/w==","encoding":"base64","timestamp":"2026-11-21T09:00:00.123Z","version":"3.17","status":"SUCCESS","node":"server1"}"#
                + "\n")
    }

    func test_write_ofOtherOutcomes_carriesWhatApplies() throws {
        XCTAssertEqual(
            try line(.written(version: version, timestamp: time)),
            #"{"type":"RESPONSE","key":"k","timestamp":"2026-11-21T09:00:00.123Z","version":"3.17","status":"SUCCESS","node":"server1"}"# + "\n")
        XCTAssertEqual(
            try line(.notFound, id: "1"),
            #"{"type":"RESPONSE","id":1,"key":"k","status":"ERROR","error":"key not found","node":"server1"}"# + "\n")
        for (outcome, kind) in [(Outcome.busy("too \"much\""), "busy"), (.unavailable("too \"much\""), "unavailable")] {
            XCTAssertEqual(
                try line(outcome),
                "{\"type\":\"RESPONSE\",\"key\":\"k\",\"status\":\"ERROR\",\"error\":\"\(kind): too \\\"much\\\"\",\"node\":\"server1\"}\n")
        }
    }

    func test_write_ofNumbers_isValueOrLength() throws {
        let written = Outcome.written(version: version, timestamp: time, number: -9_223_372_036_854_775_808)
        let end = #""timestamp":"2026-11-21T09:00:00.123Z","version":"3.17","status":"SUCCESS","node":"server1"}"# + "\n"
        XCTAssertEqual(
            try line(written, to: .add(1)),
            #"{"type":"RESPONSE","key":"k","value":"-9223372036854775808","# + end)
        XCTAssertEqual(
            try line(.written(version: version, timestamp: time, number: 4), to: .append([])),
            #"{"type":"RESPONSE","key":"k","length":4,"# + end)
    }

    func test_conflict_readBack_tellsWhatWasThere() throws {
        let swap = Protocol.Operation.compareAndSet(expect: .absent, value: [])
        let entry = Entry(value: [0xFF], version: version, timestamp: time, expiry: nil)
        for (present, value, version) in [
            (.nothing, nil, nil), (.entry(entry), [0xFF], "3.17"), (.replaced(version), nil, "3.17"),
        ] as [(Present, [UInt8]?, String?)] {
            let text = try line(.conflict(present), to: swap)
            let response = try JSONResponseParser().parse(Array(text.utf8))
            XCTAssertTrue(response.isConflict)
            XCTAssertEqual(response.value, value, text)
            XCTAssertEqual(response.version, version, text)
            XCTAssertEqual(text.contains(#""value":null"#), present == .nothing, text)
        }
    }

    func test_old_readBack_isWhatWasThere() throws {
        let swap = Protocol.Operation.write(Write(.set([]), for: .forever, answersOld: true))
        let entry = Entry(value: [0xFF], version: version, timestamp: time, expiry: nil)
        for (present, old, oldVersion) in [
            (.nothing, nil, nil), (.entry(entry), [0xFF], "3.17"), (.replaced(version), nil, "3.17"),
        ] as [(Present, [UInt8]?, String?)] {
            let text = try line(.written(version: version, timestamp: time, result: .old(present)), to: swap)
            let response = try JSONResponseParser().parse(Array(text.utf8))
            XCTAssertTrue(response.isSuccess)
            XCTAssertEqual(response.old, old, text)
            XCTAssertEqual(response.oldVersion, oldVersion, text)
        }
    }

    func test_write_ofAnExpiryWithoutAKey_isNotFound() throws {
        let text = try line(.conflict(.nothing), to: .write(Write(.keep, for: .forever)))
        XCTAssertTrue(try JSONResponseParser().parse(Array(text.utf8)).isNotFound)
    }

    func test_write_ofRefused_saysWhy() throws {
        for fault in OperationFault.allCases {
            let response = try JSONResponseParser().parse(Array(try line(.refused(fault), to: .add(1)).utf8))
            XCTAssertEqual(response.error, "refused: " + fault.message)
        }
    }

    func test_write_ofError_echoesWhatItKnows() throws {
        var output: [UInt8] = []
        let fault = JSONFault("unknown type \"\u{1}\"")
        JSONResponseWriter.write(JSONRequestError(fault), node: try node(), into: &output)
        JSONResponseWriter.write(JSONRequestError(fault, id: [55], key: [97]), node: try node(), into: &output)
        XCTAssertEqual(
            String(decoding: output, as: UTF8.self),
            #"{"type":"RESPONSE","status":"ERROR","error":"unknown type \"\u0001\"","node":"server1"}"# + "\n"
                + #"{"type":"RESPONSE","id":7,"key":"a","status":"ERROR","error":"unknown type \"\u0001\"","node":"server1"}"# + "\n")
    }

    func test_write_ofStatus_carriesTheTextAsAString() throws {
        var output: [UInt8] = []
        JSONResponseWriter.write(
            status: Array(#"{"ring":1}"#.utf8), to: JSONRequest(kind: .status, id: [55]), node: try node(), into: &output)
        XCTAssertEqual(
            String(decoding: output, as: UTF8.self),
            #"{"type":"RESPONSE","id":7,"value":"{\"ring\":1}","status":"SUCCESS","node":"server1"}"# + "\n")
    }

    // MARK: - Reading

    func test_parse_ofAnyAnswer_isWhatWasWritten() throws {
        var random = SeededGenerator(seed: 10)
        var reader = JSONResponseReader()
        for round in 0..<2000 {
            let key = "k" + random.text(round % 30)
            let value = round % 3 == 0 ? random.bytes(round % 50) : Array(random.text(round % 50).utf8)
            let text = random.text(round % 40)
            let outcomes = [entry(value), .written(version: version, timestamp: time), .notFound, .busy(text), .unavailable(text)]
            let outcome = outcomes[round % 5]
            reader.append(Array(try line(outcome, id: "\(round)", key: key).utf8))
            let response = try XCTUnwrap(try reader.next())
            XCTAssertEqual(response.id, Array("\(round)".utf8))
            XCTAssertEqual(response.key, Array(key.utf8))
            XCTAssertEqual(response.node, "server1")
            switch outcome {
            case .found:
                XCTAssertTrue(response.isSuccess)
                XCTAssertEqual(response.value, value)
                XCTAssertEqual(response.version, "3.17")
                XCTAssertEqual(response.timestamp, "2026-11-21T09:00:00.123Z")
            case .written:
                XCTAssertTrue(response.isSuccess)
                XCTAssertNil(response.value)
                XCTAssertEqual(response.version, "3.17")
            case .notFound: XCTAssertEqual(response.error, "key not found")
            case .conflict, .refused, .batch, .aborted, .answer: XCTFail("not among the samples")
            case .busy: XCTAssertEqual(response.error, "busy: " + text)
            case .unavailable:
                XCTAssertFalse(response.isSuccess)
                XCTAssertEqual(response.error, "unavailable: " + text)
            }
            XCTAssertNil(try reader.next())
        }
    }

    func test_parse_ofUnknownFields_ignoresThem() throws {
        let text = #"{"later":{"a":[1]},"type":"RESPONSE","ttl":{},"status":"ERROR","x":1}"#
        XCTAssertEqual(try JSONResponseParser().parse(Array(text.utf8)), JSONResponse())
    }

    func test_parse_ofOtherThanAnAnswer_throws() {
        let parser = JSONResponseParser()
        for text in [
            "{}", #"{"type":"RESPONSE"}"#, #"{"type":"GET","status":"SUCCESS"}"#, #"{"status":"SUCCESS"}"#,
            #"{"type":"RESPONSE","status":1}"#, #"{"type":"RESPONSE","status":"SUCCESS","id":[]}"#,
            #"{"type":"RESPONSE","status":"SUCCESS","value":"?","encoding":"base64"}"#,
            #"{"type":"RESPONSE","status":"SUCCESS","node":"\ud800"}"#,
        ] { XCTAssertThrowsError(try parser.parse(Array(text.utf8)), text) }
    }

    func test_parse_ofRandomMutations_neverTraps() throws {
        var random = SeededGenerator(seed: 11)
        let parser = JSONResponseParser()
        let sound = Array(try line(entry(Array("v\"é".utf8)), id: "1").utf8)
        var read = 0
        for _ in 0..<10_000 {
            var bytes = sound
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            if (try? parser.parse(bytes)) != nil { read += 1 }
        }
        XCTAssertGreaterThan(read, 1000)
    }
}
