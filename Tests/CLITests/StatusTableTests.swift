import Client
import XCTest

@testable import CLI

final class StatusTableTests: XCTestCase {
    func test_lines_ofARing_areAlignedAndSayWhatWaits() throws {
        let json = #"""
            {"ring":{"id":"r1","replicas":3},"nodes":[
            {"id":"server1","addr":"127.0.0.1:8081","zone":"","status":"active","liveness":"alive",
             "targets":16384,"holds":16384,"keys":1200,"bytes":90000},
            {"id":"s2","addr":"[::1]:8082","zone":"east","status":"active","liveness":"suspect"}],
            "waiting":[{"node":"s2","what":"copy of 12 slots","waiting_for":"server1 to answer"}]}
            """#
        let status = try XCTUnwrap(TorcStatus(json: Array(json.utf8)))
        XCTAssertEqual(
            StatusTable.lines(of: status),
            [
                "ring: id r1, replicas 3",
                "NODE     ADDRESS         ZONE  STATUS  LIVENESS  TARGETS  HOLDS  KEYS  BYTES",
                "server1  127.0.0.1:8081  -     active  alive       16384  16384  1200  90000",
                "s2       [::1]:8082      east  active  suspect         ?      ?     ?      ?",
                "s2: copy of 12 slots: waiting for server1 to answer",
            ])
    }

    func test_lines_ofAnEmptyRing_sayThatNothingWaits() throws {
        let status = try XCTUnwrap(TorcStatus(json: Array(#"{"nodes":[]}"#.utf8)))
        XCTAssertEqual(StatusTable.lines(of: status).last, "nothing waits")
    }
}
