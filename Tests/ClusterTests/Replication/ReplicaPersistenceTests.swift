import Protocol
import XCTest

@testable import Cluster

final class ReplicaPersistenceTests: XCTestCase {
    private func version(_ epoch: Epoch, _ sequence: UInt64) -> Version {
        Version(epoch: epoch, sequence: sequence)
    }

    private func replica() throws -> Replica { Replica(slot: try XCTUnwrap(Slot(5))) }

    private func entry(_ version: Version) -> LogEntry {
        LogEntry(
            version: version, request: RequestID(origin: 1, number: version.rawValue),
            timestamp: Timestamp(milliseconds: 1), key: [1], change: .delete)
    }

    func test_record_afterRestart_isTheSame() throws {
        let member = Member(node: try XCTUnwrap(NodeID("a")), disk: DiskID(rawValue: 4))
        let replica = try replica()
        replica.configuration = Configuration(epoch: 3, members: [member], base: version(2, 9))
        replica.previousMembers = [member]
        replica.bases.add(version(1, 1), of: 2, after: 2 - 1)
        replica.bases.add(version(2, 9), of: 3, after: 3 - 1)
        replica.holding = .whole
        replica.heldEpoch = 3
        replica.promised = Ballot(round: 8, proposer: member)
        replica.accepted = Acceptance(
            ballot: Ballot(round: 7, proposer: member),
            value: Configuration(epoch: 4, members: [member], base: version(3, 1)))
        replica.floor = version(3, 1)
        let endOfEarlierRecords = replica.encodeRecord().count - 2
        replica.isUnsound = true
        replica.isDisputed = true
        replica.mendSource = member
        let bytes = replica.encodeRecord()
        let restored = try self.replica()
        try restored.restoreRecord(bytes)
        XCTAssertEqual(restored.encodeRecord(), bytes)
        XCTAssertTrue(restored.isComplete)
        XCTAssertTrue(restored.isSealed)
        XCTAssertEqual(restored.bases[2], version(1, 1))
        XCTAssertTrue(restored.isUnsound)
        XCTAssertTrue(restored.isDisputed)
        XCTAssertEqual(restored.mendSource, member)
        for length in 0..<bytes.count where length != endOfEarlierRecords {
            XCTAssertThrowsError(try self.replica().restoreRecord(Array(bytes[..<length])))
        }
    }

    func test_record_ofAnEarlierVersion_isOfASoundCopy() throws {
        let replica = try replica()
        replica.holding = .whole
        let bytes = replica.encodeRecord()
        let restored = try self.replica()
        try restored.restoreRecord(Array(bytes.dropLast(2)))
        XCTAssertEqual(restored.encodeRecord(), bytes)
        XCTAssertFalse(restored.isUnsound || restored.isDisputed)
    }

    func test_restoreLog_withinAnEpoch_knowsWhatCameBefore() throws {
        let replica = try replica()
        replica.log = SlotLog(at: version(2, 6))
        replica.restoreLog([entry(version(2, 5)), entry(version(2, 6)), entry(version(2, 7))])
        XCTAssertEqual(replica.log.start, version(2, 4))
        XCTAssertEqual(replica.log.commit, version(2, 6))
        XCTAssertEqual(replica.log.position, version(2, 7))
        XCTAssertEqual(replica.log.durable, version(2, 7))
        XCTAssertTrue(replica.log.reaches(version(2, 4)))
    }

    func test_restoreLog_fromTheFirstOfAnEpoch_startsAtItsBase() throws {
        let replica = try replica()
        replica.bases.add(version(2, 9), of: 3, after: 3 - 1)
        replica.log = SlotLog(at: version(2, 9))
        replica.restoreLog([entry(version(3, 1))])
        XCTAssertEqual(replica.log.start, version(2, 9))
        XCTAssertEqual(replica.log.pendingCount, 1)
    }

    func test_restoreLog_whereNothingIsKept_endsAtTheTable() throws {
        let replica = try replica()
        replica.log = SlotLog(at: version(2, 9))
        replica.restoreLog([])
        XCTAssertEqual(replica.log.position, version(2, 9))
    }
}
