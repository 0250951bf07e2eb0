import Cluster
import Synchronization
import XCTest

@testable import Storage

final class SyncThreadTests: XCTestCase {
    /// A disk whose syncs the test lets through one by one, and what the thread reported.
    private final class Disk: Sendable {
        let begun = Atomic<Int>(0)
        let allowed = Atomic<Int>(0)
        let wakes = Atomic<Int>(0)
        let isFailing = Atomic<Bool>(false)

        func sync() -> StoreError? {
            let number = begun.add(1, ordering: .sequentiallyConsistent).newValue
            while allowed.load(ordering: .sequentiallyConsistent) < number { usleep(200) }
            return isFailing.load(ordering: .sequentiallyConsistent) ? StoreError("broken") : nil
        }

        func allow(_ count: Int = 1) { allowed.add(count, ordering: .sequentiallyConsistent) }
        var count: Int { begun.load(ordering: .sequentiallyConsistent) }
        var wakeCount: Int { wakes.load(ordering: .sequentiallyConsistent) }
    }

    private func start(_ policy: SyncPolicy, _ disk: Disk) -> SyncThread {
        let thread = SyncThread(
            policy: policy, sync: { disk.sync() },
            wake: { disk.wakes.add(1, ordering: .sequentiallyConsistent) })
        XCTAssertNil(thread.start())
        return thread
    }

    func test_close_manyWhileOneSyncRuns_shareTheNextSync() {
        let disk = Disk()
        let thread = start(.always, disk)
        let first = thread.close(hasChanges: true, mustSync: false).ticket
        waitUntil("the first sync") { disk.count == 1 }
        for _ in 0..<50 { _ = thread.close(hasChanges: true, mustSync: false) }
        XCTAssertEqual(thread.durable, 0)
        disk.allow()
        waitUntil("the second sync") { disk.count == 2 }
        XCTAssertEqual(thread.durable, first)
        disk.allow(9)
        waitUntil("all is durable") { thread.durable == 51 && disk.wakeCount == 2 }
        thread.stop()
        XCTAssertEqual(disk.count, 2)
    }

    func test_close_everysecBehindMustSync_waitsForItsSync() {
        let disk = Disk()
        let thread = start(.everysec, disk)
        XCTAssertEqual(thread.close(hasChanges: true, mustSync: false).ticket, 1)
        XCTAssertEqual(thread.durable, 1)
        _ = thread.close(hasChanges: true, mustSync: true)
        waitUntil("the sync") { disk.count == 1 }
        _ = thread.close(hasChanges: true, mustSync: false)
        XCTAssertEqual(thread.durable, 1)
        disk.allow(9)
        waitUntil("all is durable") { thread.durable == 3 }
        thread.stop()
    }

    func test_close_everysec_syncsWithinAboutASecondWithoutWaking() {
        let disk = Disk()
        disk.allow(9)
        let thread = start(.everysec, disk)
        _ = thread.close(hasChanges: true, mustSync: false)
        XCTAssertEqual(disk.count, 0)
        waitUntil("the sync", seconds: 5) { disk.count == 1 }
        _ = thread.close(hasChanges: true, mustSync: false)
        waitUntil("the next sync", seconds: 5) { disk.count == 2 }
        thread.stop()
        XCTAssertEqual(disk.wakeCount, 0)
    }

    func test_stop_withUnsyncedChanges_syncsThemUnderEveryPolicy() {
        for policy in SyncPolicy.allCases {
            let disk = Disk()
            disk.allow(9)
            let thread = start(policy, disk)
            _ = thread.close(hasChanges: true, mustSync: false)
            thread.stop()
            XCTAssertEqual(disk.count, 1, "\(policy)")
        }
    }

    func test_sync_failing_isReportedOnceAndNeverRetried() {
        let disk = Disk()
        disk.allow(9)
        disk.isFailing.store(true, ordering: .sequentiallyConsistent)
        let thread = start(.always, disk)
        _ = thread.close(hasChanges: true, mustSync: false)
        waitUntil("the failure") { thread.failure == StoreError("broken") && disk.wakeCount == 1 }
        disk.isFailing.store(false, ordering: .sequentiallyConsistent)
        _ = thread.close(hasChanges: true, mustSync: true)
        thread.stop()
        XCTAssertEqual(thread.durable, 0)
        XCTAssertEqual(disk.count, 1)
    }
}
