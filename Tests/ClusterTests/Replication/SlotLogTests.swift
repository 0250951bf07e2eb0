import Protocol
import XCTest

@testable import Cluster

final class SlotLogTests: XCTestCase {
    private func entry(_ epoch: Epoch, _ sequence: UInt64, key: String = "k") -> LogEntry {
        LogEntry(
            version: Version(epoch: epoch, sequence: sequence),
            request: RequestID(origin: 1, number: UInt64(epoch) << 32 | sequence),
            timestamp: Timestamp(milliseconds: 1), key: Array(key.utf8), change: .delete)
    }

    private func version(_ epoch: Epoch, _ sequence: UInt64) -> Version {
        Version(epoch: epoch, sequence: sequence)
    }

    private func log(_ count: UInt64, start: Version = .zero) -> SlotLog {
        var log = SlotLog(at: start)
        for sequence in 1...count { log.append(entry(1, sequence)) }
        return log
    }

    func test_pass_ofAnEmptyLog_isAsIfAllHadBeenWrittenAndTrimmed() {
        var log = SlotLog(at: Version(rawValue: 5))
        log.pass(to: Version(rawValue: 8))
        XCTAssertEqual([log.start, log.commit, log.durable, log.position].map(\.rawValue), [8, 8, 8, 8])
        XCTAssertTrue(log.isEmpty)
        XCTAssertTrue(log.reaches(Version(rawValue: 8)))
        XCTAssertFalse(log.reaches(Version(rawValue: 7)))
    }

    func test_append_movesPositionOnly() {
        let log = log(3)
        XCTAssertEqual(log.position, version(1, 3))
        XCTAssertEqual(log.commit, .zero)
        XCTAssertEqual(log.durable, .zero)
        XCTAssertEqual(log.pendingCount, 3)
    }

    func test_advanceCommit_returnsEachEntryOnceAndNeverBeyondThePosition() {
        var log = log(3)
        XCTAssertEqual(log.advanceCommit(to: version(1, 2)).map(\.version.sequence), [1, 2])
        XCTAssertEqual(log.advanceCommit(to: version(1, 2)).count, 0)
        XCTAssertEqual(log.advanceCommit(to: version(9, 9)).map(\.version.sequence), [3])
        XCTAssertEqual(log.commit, log.position)
    }

    func test_truncate_discardsWhatIsBeyondAndLowersDurable() {
        var log = log(4)
        log.markDurable(through: version(1, 4))
        XCTAssertEqual(log.truncate(after: version(1, 2)).map(\.version.sequence), [3, 4])
        XCTAssertEqual(log.position, version(1, 2))
        XCTAssertEqual(log.durable, version(1, 2))
        XCTAssertEqual(log.truncate(after: .zero).count, 2)
        XCTAssertEqual(log.position, .zero)
    }

    func test_trim_keepsWhatIsPending() {
        var log = log(4)
        _ = log.advanceCommit(to: version(1, 2))
        var trimmed: [UInt64] = []
        log.trim(through: version(1, 4)) { trimmed.append($0.sequence) }
        XCTAssertEqual(trimmed, [1, 2])
        XCTAssertEqual(log.start, version(1, 2))
        XCTAssertEqual(log.entries(after: log.start).map(\.version.sequence), [3, 4])
        _ = log.truncate(after: version(1, 2))
        XCTAssertEqual(log.position, log.start)
    }

    func test_reaches_onlyStartAndEntries() {
        var log = SlotLog(at: version(1, 5))
        log.append(entry(1, 6))
        log.append(entry(3, 1))
        XCTAssertTrue(log.reaches(version(1, 5)))
        XCTAssertTrue(log.reaches(version(1, 6)))
        XCTAssertTrue(log.reaches(version(3, 1)))
        XCTAssertFalse(log.reaches(version(1, 4)))
        XCTAssertFalse(log.reaches(version(2, 1)))
        XCTAssertFalse(log.reaches(version(3, 2)))
    }

    func test_lastPending_findsTheLatestUncommittedWriteOfTheKey() {
        var log = SlotLog()
        log.append(entry(1, 1, key: "a"))
        log.append(entry(1, 2, key: "b"))
        log.append(entry(1, 3, key: "a"))
        XCTAssertEqual(log.lastPending(of: Array("a".utf8))?.version, version(1, 3))
        _ = log.advanceCommit(to: version(1, 2))
        XCTAssertNil(log.lastPending(of: Array("b".utf8)))
    }

    func test_lastPending_ofACopyThatWentItsOwnWay_isItsOwn() {
        var log = SlotLog()
        log.append(entry(1, 1, key: "a"))
        XCTAssertEqual(log.lastPending(of: Array("a".utf8))?.version, version(1, 1))
        var copy = log
        copy.append(entry(1, 2, key: "b"))
        XCTAssertEqual(copy.lastPending(of: Array("b".utf8))?.version, version(1, 2))
        log.append(entry(1, 2, key: "a"))
        XCTAssertEqual(log.lastPending(of: Array("a".utf8))?.version, version(1, 2))
        XCTAssertNil(log.lastPending(of: Array("b".utf8)))
    }

    func test_lastPending_passesOverWhatChangedNothing() {
        var log = SlotLog()
        log.append(entry(1, 1))
        log.append(
            LogEntry(
                version: version(1, 2), request: RequestID(origin: 1, number: 2),
                timestamp: Timestamp(milliseconds: 1), key: Array("k".utf8), change: .nothing,
                answer: .conflict(.nothing)))
        XCTAssertEqual(log.lastPending(of: Array("k".utf8))?.version, version(1, 1))
    }

    /// Against a search through everything.
    func test_lastPending_afterRandomWork_isTheLatest() {
        var random = Random(seed: 6)
        var log = SlotLog()
        var next: UInt64 = 1
        var found = 0
        for _ in 0..<20_000 {
            switch Int.random(in: 0..<8, using: &random) {
            case 0..<3:
                log.append(entry(1, next, key: "k\(Int.random(in: 0..<200, using: &random))"))
                next += 1
            case 3:
                let step = UInt64.random(in: 0...4, using: &random)
                _ = log.advanceCommit(to: version(1, log.commit.sequence + step))
            case 4: log.trim(through: log.commit) { _ in }
            case 5 where Int.random(in: 0..<50, using: &random) == 0:
                _ = log.truncate(after: max(log.commit, version(1, next > 3 ? next - 3 : 0)))
                next = max(log.position.sequence, log.start.sequence) + 1
            default:
                let key = Array("k\(Int.random(in: 0..<200, using: &random))".utf8)
                let wanted = log.entries(after: log.commit).last { $0.key == key }
                XCTAssertEqual(log.lastPending(of: key), wanted)
                if wanted != nil { found += 1 }
            }
            XCTAssertEqual(log.pendingBytes, log.entries(after: log.commit).reduce(0) { $0 + $1.size })
        }
        XCTAssertGreaterThan(found, 1_000)
    }

    func test_randomWork_keepsTheInvariants() {
        var random = Random(seed: 5)
        var log = SlotLog()
        var next: UInt64 = 1
        for _ in 0..<5_000 {
            switch Int.random(in: 0..<6, using: &random) {
            case 0..<3:
                log.append(entry(1, next))
                next += 1
            case 3: _ = log.advanceCommit(to: version(1, UInt64.random(in: 0...next, using: &random)))
            case 4: log.trim(through: version(1, UInt64.random(in: 0...next, using: &random))) { _ in }
            default:
                _ = log.truncate(after: max(log.commit, version(1, next > 3 ? next - 3 : 0)))
                next = max(log.position.sequence, log.start.sequence) + 1
            }
            log.markDurable(through: version(1, UInt64.random(in: 0...next, using: &random)))
            XCTAssertLessThanOrEqual(log.start, log.commit)
            XCTAssertLessThanOrEqual(log.commit, log.position)
            XCTAssertLessThanOrEqual(log.durable, log.position)
            XCTAssertEqual(log.count, Int(log.position.sequence - log.start.sequence))
        }
    }
}
