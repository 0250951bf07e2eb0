import Cluster
import Foundation
import Protocol
import Synchronization
import XCTest

@testable import Storage

/// The layers together: what the log has comes home, and then the log is short again.
final class DiskStoreLogTests: XCTestCase {
    private func logBytes(_ path: String) -> Int {
        FileSystem.names(in: "\(path)/log").reduce(0) { sum, name in
            sum + ((try? FileManager.default.attributesOfItem(atPath: "\(path)/log/\(name)")[.size] as? Int) ?? 0)
        }
    }

    func test_manyWrites_theLogStaysShort() throws {
        let folder = try TemporaryFolder()
        let store = try DiskStore(path: folder.path, policy: .never, tuning: .tiny, wake: {})
        defer { store.close() }
        for number in 0..<3_000 {
            store.put(entry(UInt64(number), bytes: 1_000), key: Array("key\(number % 200)".utf8), in: slot(number % 9))
            _ = store.commit(mustSync: false)
        }
        waitUntil("segments are removed") { logBytes(folder.path) < 1 << 20 }
        XCTAssertNil(store.failure)
    }

    /// Who writes more than RocksDB takes waits for answers; the loop waits for nothing.
    func test_farBehind_nothingIsDurableUntilThereIsRoom_andCommitReturnsAtOnce() throws {
        for policy in SyncPolicy.allCases {
            let folder = try TemporaryFolder()
            let isStuck = Atomic(true)
            let wakes = Atomic(0)
            let tuning = DiskTuning.tiny { step in
                while step == .writtenBack, isStuck.load(ordering: .acquiring) { usleep(200) }
            }
            let store = try DiskStore(
                path: folder.path, policy: policy, tuning: tuning, wake: { wakes.add(1, ordering: .relaxed) })
            defer { store.close() }
            var (last, number) = (Ticket(0), UInt64(0))
            func write() {
                number += 1
                store.put(entry(number, bytes: 40_000), key: Array("key\(number % 20)".utf8), in: slot(3))
                last = store.commit(mustSync: false)
            }
            for _ in 0..<90 { write() }
            waitUntil("what there is room for is durable") { store.durable == last }
            XCTAssertEqual(store.logBypass, policy == .always ? .whileAlone : .always)
            for _ in 0..<25 { write() }
            let reached = store.durable
            XCTAssertLessThan(reached, last)
            for _ in 0..<5 { last = store.commit(mustSync: true) }
            XCTAssertEqual(store.logBypass, .whileAlone)
            XCTAssertEqual(store.durable, reached)

            let before = wakes.load(ordering: .relaxed)
            isStuck.store(false, ordering: .releasing)
            waitUntil("all is durable") { store.durable == last }
            waitUntil("somebody hears of it") { wakes.load(ordering: .relaxed) > before }
            waitUntil("all is at home") { store.home + 1 == store.sequence }
            write()
            XCTAssertEqual(store.logBypass, policy == .always ? .whileAlone : .always)
            XCTAssertNil(store.failure)
        }
    }

    func test_close_thenOpen_replaysNothing() throws {
        let folder = try TemporaryFolder()
        let store = try DiskStore(path: folder.path, policy: .never, tuning: .tiny, wake: {})
        for number in 0..<100 {
            store.put(entry(UInt64(number), bytes: 1_000), key: Array("key\(number)".utf8), in: slot(1))
            _ = store.commit(mustSync: false)
        }
        store.close()
        let written = Mutex(0)
        let again = try DiskStore(
            path: folder.path, policy: .never,
            tuning: .tiny { step in if step == .writtenBack { written.withLock { $0 += 1 } } }, wake: {})
        XCTAssertEqual(try again.entries(of: slot(1), bytesMax: 10_000).count, 100)
        XCTAssertEqual(written.withLock { $0 }, 0)
        again.close()
    }

    /// The log has what RocksDB had only in memory.
    func test_open_afterACrashBeforeAnyFlush_hasEverything() throws {
        let folder = try TemporaryFolder()
        let copy = try TemporaryFolder()
        var tuning = DiskTuning.tiny
        tuning.rocks.writeBufferBytes = 32 << 20
        tuning.flushBytes = 1 << 30
        let store = try DiskStore(path: folder.path, policy: .always, tuning: tuning, wake: {})
        defer { store.close() }
        var model = StoreModel()
        var last: Ticket = 0
        for number in 1...300 {
            for step in CrashingWriter.batch(number) {
                model.apply(step)
                store.apply(step)
            }
            last = store.commit(mustSync: false)
        }
        waitUntil("all is durable") { store.durable == last }
        for part in ["db", "log"] {
            try FileManager.default.copyItem(atPath: folder.file(part), toPath: copy.file(part))
        }
        try? FileManager.default.removeItem(atPath: copy.file("db/LOCK"))
        let after = try DiskStore(path: copy.path, mustExist: true, policy: .always, tuning: tuning, wake: {})
        defer { after.close() }
        try model.checkAll(after, slots: CrashingWriter.slots, bytesMax: 10_000, "after the crash")
    }

    func test_open_logLost_isRefused() throws {
        for hasData in [false, true] {
            let folder = try TemporaryFolder()
            let store = try DiskStore(path: folder.path, policy: .never, tuning: .tiny, wake: {})
            if hasData { store.put(entry(1), key: [1], in: slot(1)) }
            _ = store.commit(mustSync: true)
            store.close()
            try FileManager.default.removeItem(atPath: folder.file("log"))
            XCTAssertThrowsError(
                try DiskStore(path: folder.path, mustExist: true, policy: .never, tuning: .tiny, wake: {}))
        }
    }
}
