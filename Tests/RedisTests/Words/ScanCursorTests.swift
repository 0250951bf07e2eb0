import Cluster
import Protocol
import XCTest

@testable import Redis

final class ScanCursorTests: XCTestCase {
    func test_cursor_holdsSlotAndMark_andIsTheEndOnlyAtTheBeginning() {
        var random = Random(seed: 3)
        for _ in 0..<10_000 {
            let slot = Int.random(in: 0..<Slot.count, using: &random)
            let mark = ScanCursor.mark(Int.random(in: 0..<20, using: &random) == 0 ? 0 : random.next())
            let cursor = ScanCursor(slot: slot, mark: mark)
            XCTAssertEqual(cursor.slot, slot)
            XCTAssertEqual(cursor.mark, mark)
            XCTAssertNotEqual(cursor.rawValue, 0)
            XCTAssertEqual(ScanCursor(rawValue: cursor.rawValue), cursor)
        }
        XCTAssertEqual(ScanCursor(slot: 0, mark: 0).rawValue, 0)
    }

    private func request(_ line: String) throws -> ScanRequest {
        try ScanRequest(RESPCommand(line.split(separator: " ").map { Array($0.utf8) }))
    }

    func test_request_takesItsOptions() throws {
        XCTAssertEqual(try request("SCAN 0").count, 10)
        XCTAssertEqual(try request("SCAN 18446744073709551615").cursor.rawValue, .max)
        XCTAssertEqual(try request("SCAN 0 COUNT 9223372036854775807").count, 100_000)
        XCTAssertTrue(try request("SCAN 0 MATCH a* COUNT 5").matches(Array("ab".utf8)))
        XCTAssertFalse(try request("SCAN 0 MATCH a*").matches(Array("b".utf8)))
        XCTAssertFalse(try request("SCAN 0 TYPE list").matches(Array("b".utf8)))
        XCTAssertTrue(try request("SCAN 0 type STRING").matches(Array("b".utf8)))
        for line in ["SCAN x", "SCAN -1", "SCAN 18446744073709551616", "SCAN 0 COUNT", "SCAN 0 COUNT 0", "SCAN 0 COUNT x", "SCAN 0 FOO 1"] {
            XCTAssertThrowsError(try request(line), line)
        }
    }
}
