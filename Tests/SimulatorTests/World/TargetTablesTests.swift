import Cluster
import Protocol
import XCTest

@testable import Simulator

final class TargetTablesTests: XCTestCase {
    private func record(_ number: Int, status: RingRecord.Status = .active) throws -> RingRecord {
        let name = try XCTUnwrap(NodeID("n\(number)"))
        return RingRecord(
            member: Member(node: name, disk: DiskID(rawValue: UInt64(number))),
            address: NodeAddress(host: "h", port: 1), zone: "", weight: 1, incarnation: 1, status: status)
    }

    func test_table_ofEqualRings_isTheOneThatEachWouldCompute() throws {
        let tables = TargetTables()
        tables.fail = { XCTFail($0) }
        let records = try (1...5).map { try record($0) }
        let wanted = Targets(ring: Ring(records), replicas: 3)
        // Often enough for the one in so many that is computed again.
        for _ in 0..<120 {
            XCTAssertTrue(tables.table(of: Ring(records.shuffled()), replicas: 3) == wanted)
        }
    }

    func test_table_ofOtherRecordsOrReplicas_isAnother() throws {
        let tables = TargetTables()
        tables.fail = { XCTFail($0) }
        let five = try Ring((1...5).map { try record($0) })
        let four = try Ring((1...4).map { try record($0) })
        let slot = Slot(key: [1])
        XCTAssertEqual(tables.table(of: five, replicas: 3)[slot].count, 3)
        XCTAssertEqual(tables.table(of: five, replicas: 2)[slot].count, 2)
        XCTAssertTrue(tables.table(of: four, replicas: 3) == Targets(ring: four, replicas: 3))
        XCTAssertFalse(tables.table(of: four, replicas: 3) == tables.table(of: five, replicas: 3))
    }
}
