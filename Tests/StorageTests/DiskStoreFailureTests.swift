import Cluster
import Foundation
import Protocol
import Synchronization
import XCTest

@testable import Storage

/// A store whose disk fails says so, acknowledges nothing more and tries nothing again.
final class DiskStoreFailureTests: XCTestCase {
    private final class Wakes: Sendable {
        let count = Atomic<Int>(0)
        var value: Int { count.load(ordering: .sequentiallyConsistent) }
    }

    private func open(
        _ path: String, _ policy: SyncPolicy, _ wakes: Wakes = Wakes()
    ) throws -> DiskStore {
        try DiskStore(path: path, policy: policy, tuning: .tiny) {
            wakes.count.add(1, ordering: .sequentiallyConsistent)
        }
    }

    private func commitDurably(_ store: DiskStore, _ number: UInt64) -> Ticket {
        store.put(entry(number), key: [1], in: slot(1))
        let ticket = store.commit(mustSync: true)
        waitUntil("batch \(number) is durable") { store.durable == ticket }
        return ticket
    }

    func test_commit_syncFails_isFailureForEverAndDurableStays() throws {
        for policy in SyncPolicy.allCases {
            let folder = try TemporaryFolder()
            let wakes = Wakes()
            let store = try open(folder.file("db"), policy, wakes)
            let durable = commitDurably(store, 1)
            waitUntil("the wake of the first batch") { wakes.value == 1 }
            FaultyDisk.failing(with: EIO) {
                store.put(entry(2), key: [1], in: slot(1))
                _ = store.commit(mustSync: true)
                waitUntil("the failure") { store.failure != nil && wakes.value == 2 }
            }
            XCTAssertEqual(
                store.failure?.message,
                "cannot write to \(folder.file("db"))/log: Input/output error; "
                    + "check the disk and start the node again")
            let syncs = FaultyDisk.syncCount
            let failure = store.failure
            store.put(entry(3), key: [1], in: slot(1))
            XCTAssertGreaterThan(store.commit(mustSync: false), durable + 1)
            _ = store.commit(mustSync: true)
            XCTAssertEqual(try store.entry(in: slot(1), key: [1]), entry(3), "reads see every change")
            store.close()
            XCTAssertEqual(store.durable, durable)
            XCTAssertEqual(store.failure, failure)
            XCTAssertEqual(FaultyDisk.syncCount, syncs, "a failed sync must not be tried again")
        }
    }

    func test_commit_everysecSyncFailsInTheBackground_isFailure() throws {
        let folder = try TemporaryFolder()
        let store = try open(folder.file("db"), .everysec)
        store.put(entry(1), key: [1], in: slot(1))
        FaultyDisk.failing(with: EIO) {
            XCTAssertEqual(store.commit(mustSync: false), store.durable)
            waitUntil("the failure", seconds: 5) { store.failure != nil }
        }
        XCTAssertEqual(
            store.failure?.message,
            "cannot write to \(folder.file("db"))/log: Input/output error; check the disk and start the node again")
    }

    func test_commit_writeFails_isFailureAtOnceAndTheRestIsThereAfterwards() throws {
        let folder = try TemporaryFolder()
        let wakes = Wakes()
        let store = try open(folder.file("db"), .never, wakes)
        let durable = commitDurably(store, 1)
        let wakesBefore = wakes.value
        withFileSizeLimit(4_096) {
            store.put(entry(2, bytes: 100_000), key: [1], in: slot(1))
            _ = store.commit(mustSync: false)
        }
        XCTAssertEqual(store.durable, durable)
        XCTAssertEqual(wakes.value, wakesBefore + 1)
        XCTAssertEqual(
            store.failure?.message,
            "cannot write to \(folder.file("db"))/log: File too large; check the disk and start the node again")
        _ = store.commit(mustSync: true)
        XCTAssertEqual(store.durable, durable)
        store.close()
        let reopened = try open(folder.file("db"), .never)
        XCTAssertEqual(try reopened.entry(in: slot(1), key: [1]), entry(1))
    }

    /// With `always` batches are written where they are synced.
    func test_commit_writeBySyncFails_isFailureAndTheRestIsThereAfterwards() throws {
        let folder = try TemporaryFolder()
        let wakes = Wakes()
        let store = try open(folder.file("db"), .always, wakes)
        let durable = commitDurably(store, 1)
        waitUntil("the wake of the first batch") { wakes.value == 1 }
        withFileSizeLimit(4_096) {
            for number: UInt64 in 2...4 {
                store.put(entry(number, bytes: 100_000), key: [1], in: slot(1))
                _ = store.commit(mustSync: false)
            }
            waitUntil("the failure") { store.failure != nil && wakes.value == 2 }
        }
        XCTAssertEqual(
            store.failure?.message,
            "cannot write to \(folder.file("db"))/log: File too large; check the disk and start the node again")
        store.close()
        XCTAssertEqual(store.durable, durable)
        XCTAssertEqual(try open(folder.file("db"), .always).entry(in: slot(1), key: [1]), entry(1))
    }

    /// No file can grow beyond `bytes` while `body` runs.
    private func withFileSizeLimit(_ bytes: UInt, _ body: () -> Void) {
        var before = rlimit()
        XCTAssertEqual(getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before), 0)
        let handler = signal(SIGXFSZ, SIG_IGN)
        var limit = rlimit(rlim_cur: rlim_t(bytes), rlim_max: before.rlim_max)
        XCTAssertEqual(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit), 0)
        body()
        XCTAssertEqual(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before), 0)
        signal(SIGXFSZ, handler)
    }

    func test_commit_fullDisk_isFailureAndDurableBatchesAreThereAfterwards() throws {
        let folder = try TemporaryFolder()
        let disk = folder.file("disk")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
        guard mount("tmpfs", disk, "tmpfs", 0, "size=6m") == 0 else {
            throw XCTSkip("cannot mount a small disk: \(String(cString: strerror(errno)))")
        }
        defer { umount2(disk, Int32(MNT_DETACH)) }
        let store = try open("\(disk)/db", .always)
        var number: UInt64 = 0
        // A value that does not compress; the disk is full long before the last batch.
        let value = (0..<16_384).map { _ in UInt8.random(in: 0...255) }
        while store.failure == nil, number < 2_000 {
            number += 1
            let entry = Entry(
                value: value, version: Version(rawValue: number), timestamp: Timestamp(milliseconds: 1),
                expiry: nil)
            store.put(entry, key: Array("key\(number)".utf8), in: slot(1))
            _ = store.commit(mustSync: false)
        }
        let message = try XCTUnwrap(store.failure?.message)
        XCTAssertTrue(message.contains("No space left on device; free space and"), message)
        let durable = store.durable
        XCTAssertLessThan(durable, number)
        store.close()
        XCTAssertEqual(store.durable, durable)
        XCTAssertEqual(mount("tmpfs", disk, "tmpfs", UInt(MS_REMOUNT), "size=64m"), 0)
        let reopened = try open("\(disk)/db", .always)
        defer { reopened.close() }
        let keys = try reopened.entries(of: slot(1), bytesMax: 1 << 20).map(\.entry.version.rawValue).sorted()
        XCTAssertGreaterThanOrEqual(keys.count, Int(durable))
        XCTAssertEqual(keys, (0..<keys.count).map { UInt64($0 + 1) }, "the batches are not a prefix")
    }

    func test_use_afterClose_throwsAndMakesNothingDurable() throws {
        let folder = try TemporaryFolder()
        let store = try open(folder.file("db"), .never)
        store.close()
        store.close()
        store.put(entry(1), key: [1], in: slot(1))
        let ticket = store.commit(mustSync: false)
        XCTAssertLessThan(store.durable, ticket)
        XCTAssertThrowsError(try store.entry(in: slot(1), key: [2]))
    }
}
