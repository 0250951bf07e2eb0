import Cluster
import Foundation
import Protocol
import XCTest

@testable import Storage

/// What a start makes of a log whose end is torn, or whose middle is damaged.
final class LogRecoveryTests: XCTestCase {
    private static let headBytes = LogSegment.headBytes

    /// A log of batches 1 to `count`, each of one meta value, synced after those in `syncs`.
    private func write(
        _ folder: String, _ count: Int, syncs: Set<Int> = [], segmentBytes: Int = 1 << 20, last: UInt64 = 0
    ) throws -> [UInt64] {
        var tuning = DiskTuning.tiny
        tuning.segmentBytes = segmentBytes
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let log = try Log(folder: folder, last: last, firsts: [], tuning: tuning)
        for number in 1...count {
            var batch = LogBatch()
            batch.put(.meta, key: [UInt8(number)], value: [UInt8](repeating: UInt8(number), count: number))
            try log.append(&batch)
            if syncs.contains(number) { try log.sync() }
        }
        log.close()
        return LogSegment.firsts(in: folder)
    }

    private func path(_ folder: String, _ first: UInt64) -> String { "\(folder)/\(LogSegment.name(first: first))" }

    /// The batches that a start finds, or what it says.
    private func recover(_ folder: String, home: UInt64 = 0, homeMax: UInt64 = 0) -> (found: [UInt64], refusal: String?) {
        var found: [UInt64] = []
        do throws(StorageFailure) {
            let recovery = LogRecovery(folder: folder, mustExist: true, home: home, homeMax: homeMax)
            let all = try recovery.run { sequence, bytes, range throws(StorageFailure) in
                try LogChange.forEach(in: bytes, range) { change throws(StorageFailure) in
                    let number = UInt8(sequence)
                    let wanted = [UInt8](repeating: number, count: Int(number))
                    guard case .put(.meta, let key, let value) = change else { return XCTFail("\(change)") }
                    XCTAssertEqual([Array(key), Array(value)], [[number], wanted])
                }
                found.append(sequence)
            }
            XCTAssertEqual(all.last, found.last ?? max(home, all.last))
            XCTAssertEqual(all.firsts, LogSegment.firsts(in: folder).filter { $0 <= all.last })
            return (found, nil)
        } catch {
            return (found, error.error(log: folder, database: "").message)
        }
    }

    private func change(_ path: String, _ body: (inout [UInt8]) -> Void) throws {
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        body(&bytes)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    func test_run_wholeLogOfManySegments_findsAllBeyondHome() throws {
        let folder = try TemporaryFolder()
        let firsts = try write(folder.file("log"), 40, segmentBytes: 200)
        XCTAssertGreaterThan(firsts.count, 5)
        XCTAssertEqual(recover(folder.file("log")).found, Array(1...40))
        XCTAssertEqual(recover(folder.file("log"), home: 17).found, Array(18...40))
        XCTAssertEqual(recover(folder.file("log"), home: 40).found, [])
        XCTAssertEqual(LogSegment.firsts(in: folder.file("log")), [firsts[firsts.count - 1]], "old ones are removed")
    }

    /// What a file had before is no part of the segment that it is now.
    func test_run_segmentsInFilesThatWereUsedBefore_findsWhatWasWrittenSince() throws {
        let base = try TemporaryFolder()
        let folder = base.file("log")
        var tuning = DiskTuning.tiny
        tuning.segmentBytes = 300
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let log = try Log(folder: folder, last: 0, firsts: [], tuning: tuning)
        func append(_ numbers: ClosedRange<UInt8>) throws {
            for number in numbers {
                var batch = LogBatch()
                batch.put(.meta, key: [number], value: [UInt8](repeating: number, count: Int(number)))
                try log.append(&batch)
            }
        }
        func names(_ suffix: String) -> [String] { FileSystem.names(in: folder).filter { $0.hasSuffix(suffix) } }
        func inode(_ name: String) throws -> UInt64 {
            try XCTUnwrap(FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.systemFileNumber] as? UInt64)
        }
        try append(1...100)
        let firsts = LogSegment.firsts(in: folder)
        let before = try Set(names(".seg").map(inode))
        log.removeSegments(through: 90)
        XCTAssertEqual(names(".spare").count, 4)
        try append(101...104)
        XCTAssertEqual(names(".spare").count, 2)
        let held = Set(firsts.filter { $0 > 90 }.map(LogSegment.name))
        XCTAssertTrue(try names(".seg").contains { try !held.contains($0) && before.contains(inode($0)) })
        try log.sync()
        try append(105...106)
        log.close()
        XCTAssertEqual(recover(folder, home: 90).found, Array(91...106))

        // What else bears such a name is nobody's business.
        let others = ["\(Int.max).spare", "-1.spare", "mine.spare"]
        for name in others { try Data([1]).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
        defer { XCTAssertTrue(others.allSatisfy(names(".spare").contains)) }
        // Once more, with what an earlier process has left: they are zeros where a head would be.
        let left = names(".spare").filter { !others.contains($0) }
        XCTAssertFalse(left.isEmpty)
        for name in left {
            let head = try XCTUnwrap(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))).prefix(Self.headBytes)
            XCTAssertEqual(head, Data(count: Self.headBytes))
        }
        let again = try Log(folder: folder, last: 106, firsts: LogSegment.firsts(in: folder), tuning: tuning)
        XCTAssertEqual(names(".spare").count, others.count + left.count - 1)
        again.close()
        XCTAssertEqual(recover(folder, home: 90).found, Array(91...106))
    }

    /// Where nobody is answered before a sync: what one thread appends, others write and sync, in its order.
    func test_append_writtenBySync_isInTheFilesFromThenOnInItsOrder() throws {
        let base = try TemporaryFolder()
        let folder = base.file("log")
        var tuning = DiskTuning.tiny
        tuning.segmentBytes = 300
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let log = try Log(folder: folder, last: 0, firsts: [], isWrittenBySync: true, tuning: tuning)
        func append(_ numbers: ClosedRange<Int>) throws {
            for number in numbers {
                var batch = LogBatch()
                batch.put(.meta, key: [UInt8(number)], value: [UInt8](repeating: UInt8(number), count: number))
                try log.append(&batch)
                XCTAssertTrue(batch.isEmpty)
            }
        }
        try append(1...20)
        XCTAssertEqual(FileSystem.size(of: path(folder, 1)), Self.headBytes, "nothing is written yet")
        XCTAssertEqual([log.ends.appended, log.ends.synced], [20, 0])
        try log.sync()
        XCTAssertEqual([log.ends.appended, log.ends.synced], [20, 20])
        XCTAssertGreaterThan(LogSegment.firsts(in: folder).count, 2)

        let threads = (0..<2).map { _ in Storage.Thread() }
        for thread in threads {
            let failed = thread.start {
                while log.ends.synced < 200 {
                    do throws(FileSystem.Failure) { try log.sync() } catch { return XCTFail(error.reason) }
                }
            }
            XCTAssertNil(failed)
        }
        try append(21...200)
        for thread in threads { thread.join() }
        // Never synced, and written only where too much would wait.
        try append(201...203)
        XCTAssertEqual([log.ends.appended, log.ends.synced], [203, 200])
        log.close()
        XCTAssertEqual(recover(folder).found, Array(1...200))
    }

    func test_append_moreThanMayWait_isWrittenAtOnce() throws {
        let base = try TemporaryFolder()
        let folder = base.file("log")
        var tuning = DiskTuning.tiny
        tuning.waitingBytesMax = 1_000
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let log = try Log(folder: folder, last: 0, firsts: [], isWrittenBySync: true, tuning: tuning)
        for number: UInt8 in 1...100 {
            var batch = LogBatch()
            batch.put(.meta, key: [number], value: [UInt8](repeating: number, count: Int(number)))
            try log.append(&batch)
        }
        XCTAssertEqual([log.ends.appended, log.ends.synced], [100, 0])
        log.close()
        let found = recover(folder).found
        XCTAssertEqual(found, found.indices.map { UInt64($0) + 1 })
        XCTAssertGreaterThan(found.count, 85)
    }

    func test_prepareSpare_isUsedForTheNextSegment_andNoneIsMadeBeforeItIsNeeded() throws {
        let base = try TemporaryFolder()
        let folder = base.file("log")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let log = try Log(folder: folder, last: 0, firsts: [], tuning: .tiny)
        defer { log.close() }
        func sizes(_ suffix: String) -> [Int] {
            FileSystem.names(in: folder).filter { $0.hasSuffix(suffix) }.sorted().compactMap { FileSystem.size(of: "\(folder)/\($0)") }
        }
        func append(_ bytes: Int) throws {
            var batch = LogBatch()
            batch.put(.meta, key: [1], value: [UInt8](repeating: 1, count: bytes))
            try log.append(&batch)
        }
        try append(1_000)
        log.prepareSpare()
        XCTAssertEqual(sizes(".spare"), [])
        try append(40_000)
        log.prepareSpare()
        log.prepareSpare()
        XCTAssertEqual(sizes(".spare"), [DiskTuning.tiny.segmentBytes])
        try append(40_000)
        try append(10)
        XCTAssertEqual(sizes(".spare"), [])
        XCTAssertEqual(sizes(".seg").last, DiskTuning.tiny.segmentBytes)
        XCTAssertEqual(sizes(".seg").count, 2)
    }

    func test_run_cutAnywhereBehindWhatWasSynced_findsThePrefixAndGoesOn() throws {
        let base = try TemporaryFolder()
        let folder = base.file("log")
        _ = try write(folder, 6, syncs: [3])
        let file = path(folder, 1)
        let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
        // Where each batch ends.
        var ends = [Self.headBytes]
        for number in 1...6 { ends.append(ends[number - 1] + LogFrame.headBytes + 1 + 1 + 4 + 1 + 4 + number) }
        XCTAssertEqual(ends[6], whole.count)
        for size in ends[3]...whole.count {
            try Data(whole[..<size]).write(to: URL(fileURLWithPath: file))
            let wanted = ends.lastIndex { $0 <= size } ?? 0
            let (found, refusal) = recover(folder)
            XCTAssertNil(refusal)
            XCTAssertEqual(found, (0..<UInt64(wanted)).map { $0 + 1 }, "cut at \(size)")
            XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: file)).count, ends[wanted], "cut at \(size)")
        }
    }

    func test_run_bitFlippedInWhatALaterBatchSaysWasSynced_isRefusedWithFileAndOffset() throws {
        let base = try TemporaryFolder()
        let folder = base.file("log")
        _ = try write(folder, 6, syncs: [3])
        let file = path(folder, 1)
        let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
        var offset = Self.headBytes
        for number in 1...3 {
            let size = LogFrame.headBytes + 1 + 1 + 4 + 1 + 4 + number
            for place in offset..<(offset + size) {
                var bytes = whole
                bytes[place] ^= 16
                try Data(bytes).write(to: URL(fileURLWithPath: file))
                let refusal = recover(folder).refusal
                XCTAssertEqual(
                    refusal?.hasPrefix("damaged data in \(file): batch \(number) of the log, which was synced, at byte \(offset)"),
                    true, "\(place): \(refusal ?? "accepted")")
                XCTAssertEqual([UInt8](try Data(contentsOf: URL(fileURLWithPath: file))), bytes, "nothing is cut off")
            }
            offset += size
        }
    }

    /// A power cut may keep a later page and lose an earlier one.
    func test_run_unsyncedBatchLostBeforeOneThatIsThere_endsTheLogThere() throws {
        let base = try TemporaryFolder()
        let folder = base.file("log")
        _ = try write(folder, 6, syncs: [3])
        let file = path(folder, 1)
        try change(file) { bytes in
            let start = Self.headBytes + (1...4).reduce(0) { $0 + LogFrame.headBytes + 11 + $1 }
            for place in start..<(start + 20) { bytes[place] = 0 }
        }
        XCTAssertEqual(recover(folder).found, [1, 2, 3, 4])
        XCTAssertEqual(recover(folder).found, [1, 2, 3, 4], "the end stays cut off")
    }

    func test_run_batchThatHomeHasSeen_isNeverCutOff() throws {
        let base = try TemporaryFolder()
        let folder = base.file("log")
        _ = try write(folder, 6)
        try change(path(folder, 1)) { $0.removeLast() }
        XCTAssertNotNil(recover(folder, home: 2, homeMax: 6).refusal)
        XCTAssertEqual(recover(folder, home: 2, homeMax: 5).found, [3, 4, 5])
        XCTAssertNotNil(recover(folder, home: 2, homeMax: 6).refusal)
    }

    func test_run_segmentMissing_isRefusedWhereItWasSynced() throws {
        let base = try TemporaryFolder()
        let folder = base.file("log")
        let firsts = try write(folder, 40, syncs: [20], segmentBytes: 200)
        let middle = try XCTUnwrap(firsts.last { $0 < 15 })
        try FileManager.default.removeItem(atPath: path(folder, middle))
        XCTAssertEqual(recover(folder).refusal?.contains("batch \(middle) of the log, which was synced,"), true)
        try FileManager.default.removeItem(atPath: path(folder, 1))
        XCTAssertEqual(recover(folder).refusal?.contains("with batch 1, is missing"), true)
    }

    func test_run_unsyncedSegmentWithoutItsBeginning_isCutOffWithAllBehindIt() throws {
        let base = try TemporaryFolder()
        let folder = base.file("log")
        let firsts = try write(folder, 40, syncs: [10], segmentBytes: 200)
        let torn = try XCTUnwrap(firsts.first { $0 > 20 })
        try change(path(folder, torn)) { $0 = Array($0.prefix(20)) }
        XCTAssertEqual(recover(folder).found, (1..<torn).map { $0 })
        XCTAssertEqual(LogSegment.firsts(in: folder), firsts.filter { $0 <= torn })
    }

    func test_run_headOfASegmentDamaged_isRefused() throws {
        for place in 0..<Self.headBytes {
            let base = try TemporaryFolder()
            let folder = base.file("log")
            _ = try write(folder, 6)
            try change(path(folder, 1)) { $0[place] ^= 1 }
            XCTAssertEqual(recover(folder).refusal?.contains("the head of the segment at byte 0"), true)
        }
    }

    /// A value that looks like a frame is none: the checksum has a salt.
    func test_run_frameOfAnotherLogWithinAValue_provesNothing() throws {
        let base = try TemporaryFolder()
        let folder = base.file("log")
        _ = try write(base.file("other"), 9, syncs: [8])
        let other = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(base.file("other"), 1))))
        _ = try write(folder, 2)
        try change(path(folder, 1)) { $0 += [1, 2, 3] + other }
        XCTAssertEqual(recover(folder).found, [1, 2])
    }
}
