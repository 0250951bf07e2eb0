import Cluster
import Foundation
import Protocol
import XCTest

@testable import Storage

/// `TORC_STORE=100000` (writes): prints what writes cost the loop thread. Measures, checks nothing.
final class StoreMeasurements: XCTestCase {
    private static func now(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    func test_measure() throws {
        guard let text = getenv("TORC_STORE"), let count = Int(String(cString: text)) else {
            throw XCTSkip("TORC_STORE says how many writes")
        }
        for policy in SyncPolicy.allCases {
            for perTurn in [1, 16, 64] { try measure(count, perTurn, policy) }
        }
    }

    /// As a node does: log entry, table, request id, progress, and what they replace.
    private func measure(_ count: Int, _ perTurn: Int, _ policy: SyncPolicy) throws {
        let folder = try TemporaryFolder()
        let store = try DiskStore(path: folder.path, policy: policy, wake: {})
        let value = entry(1, bytes: 100)
        let wall = Self.now(CLOCK_MONOTONIC)
        let cpu = Self.now(CLOCK_THREAD_CPUTIME_ID)
        var longest: UInt64 = 0
        for number in 0..<count {
            let key = Array("key:\(number % 1_000_000)".utf8)
            let slot = Slot(key: key)
            let log = logEntry(UInt64(number) * 5 + 1, key: key, bytes: 100)
            store.append(log, to: slot)
            store.put(value, key: key, in: slot)
            store.setMeta(.request(slot, log.version), to: [UInt8](repeating: 1, count: 34))
            store.setMeta(.progress(slot), to: [UInt8](repeating: 1, count: 60))
            store.removeLogEntry(log.version, of: slot)
            guard number % perTurn == perTurn - 1 else { continue }
            let begin = Self.now(CLOCK_MONOTONIC)
            _ = store.commit(mustSync: false)
            longest = max(longest, Self.now(CLOCK_MONOTONIC) - begin)
        }
        let last = store.commit(mustSync: false)
        let spent = Self.now(CLOCK_THREAD_CPUTIME_ID) - cpu
        waitUntil("all is durable", seconds: 60) { store.durable == last }
        let passed = Self.now(CLOCK_MONOTONIC) - wall
        print(
            "store: \(policy), \(perTurn) a turn: \(spent / UInt64(count)) ns of the loop thread a write, "
                + "\(UInt64(count) * 1_000_000_000 / passed) writes a second until durable, longest commit \(longest / 1_000) us")
        store.close()
    }
}
