import Cluster
import Glibc
import Protocol
import XCTest

@testable import Storage

/// What is deleted leaves the disk.
final class TidyingTests: XCTestCase {
    private static let tolerance = 128 << 10

    /// The disk space that the files of a folder take, in bytes.
    private static func size(_ path: String) -> Int {
        FileSystem.names(in: path).reduce(0) { sum, name in
            var info = stat()
            return stat("\(path)/\(name)", &info) == 0 ? sum + Int(info.st_size) : sum
        }
    }

    private static func key(_ number: Int) -> [UInt8] { Array("key:\(number)".utf8) }
    private static func slot(of number: Int) -> Slot { StorageTests.slot(number &* 7_919 % Slot.count) }

    /// As a node does: the table, the log and what goes with them.
    private func write(_ numbers: Range<Int>, to store: DiskStore, deleting: Bool) {
        for begin in Swift.stride(from: numbers.lowerBound, to: numbers.upperBound, by: 1_000) {
            for number in begin..<min(begin + 1_000, numbers.upperBound) {
                let slot = Self.slot(of: number)
                if deleting {
                    store.remove(key: Self.key(number), in: slot)
                } else {
                    store.put(entry(UInt64(number), bytes: 16), key: Self.key(number), in: slot)
                }
                let log = logEntry(UInt64(number) * 2 + (deleting ? 1 : 0), key: Self.key(number), bytes: 16)
                store.append(log, to: slot)
                store.removeLogEntry(log.version, of: slot)
            }
            _ = store.commit(mustSync: false)
        }
    }

    private func wait(_ path: String, below bytes: Int, seconds: Int) -> Int {
        let end = timespec.now.tv_sec + seconds
        while Self.size(path) > bytes, timespec.now.tv_sec < end { usleep(100_000) }
        return Self.size(path)
    }

    private func check(_ count: Int, _ tuning: DiskTuning, kept: Int, within seconds: Int) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("db")
        let store = try DiskStore(path: folder.path, policy: .never, tuning: tuning, wake: {})
        defer { store.close() }
        write(0..<kept, to: store, deleting: false)
        _ = store.commit(mustSync: true)
        let before = Self.size(path)
        write(kept..<(kept + count), to: store, deleting: false)
        let full = Self.size(path)
        write(kept..<(kept + count), to: store, deleting: true)
        let deleted = Self.size(path)
        let after = wait(path, below: before + Self.tolerance, seconds: seconds)
        print("tidying: \(count) deletes: \(before) bytes before, \(full) full, \(deleted) deleted, \(after) after")
        XCTAssertLessThanOrEqual(after, before + Self.tolerance)
        XCTAssertNil(store.failure)
        for number in [0, kept - 1] {
            XCTAssertNotNil(try store.entry(in: Self.slot(of: number), key: Self.key(number)))
        }
        XCTAssertNil(try store.entry(in: Self.slot(of: kept), key: Self.key(kept)))
    }

    func test_manyDeletes_thenNothing_theFolderIsAsSmallAsBefore() throws {
        var tuning = DiskTuning.tiny
        tuning.rocks.tidying.quiet = 0
        // What is left after the last merge is fewer than these.
        tuning.rocks.tidying.removalsMin = 1_000
        try check(100_000, tuning, kept: 1_000, within: 60)
    }

    /// `TORC_DELETES=10000000`: with what a node is set to.
    func test_veryManyDeletes_withTheSettingsOfANode() throws {
        guard let text = getenv("TORC_DELETES"), let count = Int(String(cString: text)) else {
            throw XCTSkip("TORC_DELETES says how many")
        }
        try check(count, DiskTuning(), kept: 1_000, within: 240)
    }

    func test_fewDeletes_areLeftAlone() throws {
        let calls = Monitor(0)
        let tidier = Tidier(Tidier.Patience(removalsMin: 10, quiet: 0, longest: 0)) { _ in
            calls.withLock { $0 += 1 }
            return true
        }
        tidier.start()
        tidier.note(removals: 9)
        tidier.note(removals: 0)
        tidier.stop()
        XCTAssertEqual(calls.withLock { $0 }, 0)
    }

    func test_tooFewForTheFolder_countTheNextTimeToo() {
        let seen = Monitor([Int]())
        let tidier = Tidier(Tidier.Patience(removalsMin: 10, quiet: 0, longest: 0)) { removals in
            seen.withLock { seen in
                seen.append(removals)
                return removals >= 25
            }
        }
        tidier.start()
        defer { tidier.stop() }
        for count in 1...3 {
            tidier.note(removals: 12)
            let end = timespec.now.tv_sec + 20
            while seen.withLock({ $0.count }) < count, timespec.now.tv_sec < end { usleep(1_000) }
        }
        XCTAssertEqual(seen.withLock { $0 }, [12, 24, 36])
    }

    func test_deletesWithoutAnEnd_areTidiedAllTheSame() {
        let calls = Monitor(0)
        let tidier = Tidier(Tidier.Patience(removalsMin: 10, quiet: 3_600, longest: 1)) { _ in
            calls.withLock { $0 += 1 }
            return true
        }
        tidier.start()
        defer { tidier.stop() }
        let end = timespec.now.tv_sec + 20
        while calls.withLock({ $0 }) < 2, timespec.now.tv_sec < end {
            tidier.note(removals: 5)
            usleep(10_000)
        }
        XCTAssertGreaterThanOrEqual(calls.withLock { $0 }, 2)
    }
}
