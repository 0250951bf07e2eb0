import Protocol
import XCTest

@testable import Server

final class StatusReportTests: XCTestCase {
    private func record(_ id: String, zone: String) throws -> RingRecord {
        RingRecord(
            member: Member(node: try XCTUnwrap(NodeID(id)), disk: DiskID(rawValue: 1)),
            address: NodeAddress(host: "::1", port: 8081), zone: zone, weight: 1, incarnation: 1, status: .active)
    }

    func test_jsonText_knownAndUnknownNodes_hasEveryField() throws {
        let status = NodeStatus(
            targets: 1, holds: 2, leads: 3, keys: 4, keysLed: 2, bytes: 5,
            waiting: [
                .init(what: "copy of 12 slots", waitingFor: "data from b"), .init(what: "x", waitingFor: "y"),
            ])
        let report = StatusReport(
            ring: RingID(rawValue: 0xAB), replicas: 3,
            nodes: [
                .init(record: try record("a", zone: "eu"), liveness: .alive, targets: 16_384, status: status),
                .init(record: try record("b", zone: ""), liveness: .suspect, targets: 7, status: nil),
            ])
        XCTAssertEqual(
            String(decoding: report.jsonText, as: UTF8.self),
            #"{"ring":{"id":"00000000000000ab","replicas":3,"nodes":2},"nodes":["#
                + #"{"id":"a","addr":"[::1]:8081","zone":"eu","status":"active","liveness":"alive","#
                + #""targets":16384,"holds":2,"leads":3,"keys":4,"bytes":5},"#
                + #"{"id":"b","addr":"[::1]:8081","zone":"","status":"active","liveness":"suspect","#
                + #""targets":7,"holds":null,"leads":null,"keys":null,"bytes":null}],"#
                + #""waiting":[{"node":"a","what":"copy of 12 slots","waiting_for":"data from b"},"#
                + #"{"node":"a","what":"x","waiting_for":"y"}]}"#)
    }

    func test_jsonText_anyZone_isJSONThatSaysIt() throws {
        let zone = "a\"b\\c\n\u{1}é😀"
        let report = StatusReport(
            ring: RingID(rawValue: .max), replicas: 1,
            nodes: [.init(record: try record("a", zone: zone), liveness: .dead, targets: 0, status: nil)])
        let object = try JSONSerialization.jsonObject(with: Data(report.jsonText)) as? [String: Any]
        let nodes = try XCTUnwrap(object?["nodes"] as? [[String: Any]])
        XCTAssertEqual(nodes.first?["zone"] as? String, zone)
        XCTAssertEqual((object?["ring"] as? [String: Any])?["id"] as? String, "ffffffffffffffff")
        XCTAssertEqual((object?["waiting"] as? [Any])?.count, 0)
    }
}
