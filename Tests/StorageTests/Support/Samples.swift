import Cluster
import Protocol
import XCTest

@testable import Storage

func slot(_ number: Int) -> Slot {
    guard let slot = Slot(number) else { preconditionFailure("no slot \(number)") }
    return slot
}

func entry(_ number: UInt64, bytes: Int = 8, expiry: UInt64? = nil) -> Entry {
    Entry(
        value: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: bytes),
        version: Version(rawValue: number), timestamp: Timestamp(milliseconds: 1_000 + number),
        expiry: expiry.map { Timestamp(milliseconds: $0) })
}

func logEntry(_ number: UInt64, key: [UInt8] = [1], bytes: Int = 8) -> LogEntry {
    LogEntry(
        version: Version(rawValue: number), request: RequestID(origin: 7, number: number),
        timestamp: Timestamp(milliseconds: number), key: key,
        change: number % 5 == 0
            ? .delete : .set(value: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: bytes), expiry: nil),
        answer: number % 3 == 0 ? .written(number: Int64(bitPattern: number)) : .written())
}

extension RocksTuning {
    /// So small that tests flush, change log files and compact.
    static let tiny = RocksTuning(
        writeBufferBytes: 128 << 10, blockCacheBytes: 1 << 20, openFilesMax: 64)
}

extension DiskTuning {
    static let tiny = DiskTuning(
        rocks: .tiny, segmentBytes: 64 << 10, writeBackBytes: 16 << 10, homeBatchBytes: 32 << 10,
        flushBytes: 256 << 10, behindBytesMax: 4 << 20)

    /// With room for some entries beside an empty table; what can be written back is at once.
    static let tinyMemory: DiskTuning = {
        var tuning = tiny
        tuning.writeBackBytes = 1
        tuning.memoryBytesMax = Table().bytes + 4_000
        return tuning
    }()

    static func tiny(_ onStep: @escaping @Sendable (StorageStep) -> Void) -> DiskTuning {
        var tuning = tiny
        tuning.onStep = onStep
        return tuning
    }
}

extension DiskStore {
    /// Waits until all that is committed is at home, and lets leave the table what may.
    func settle() {
        _ = commit(mustSync: false)
        waitUntil("all is at home") { home + 1 == sequence || failure != nil }
        for _ in 0..<200 { _ = commit(mustSync: false) }
    }
}

extension Store {
    func metaValues() throws -> [MetaKey: [UInt8]] {
        var values: [MetaKey: [UInt8]] = [:]
        try loadMeta { key, value throws(StoreError) in
            XCTAssertNil(values.updateValue(value, forKey: key), "a meta key came twice")
        }
        return values
    }

    func logs() throws -> [Slot: [LogEntry]] {
        var logs: [Slot: [LogEntry]] = [:]
        try loadLogs { slot, entry throws(StoreError) in logs[slot, default: []].append(entry) }
        return logs
    }

    /// The whole slot, read in chunks of about `bytesMax`.
    func entries(of slot: Slot, bytesMax: Int) throws -> [(key: [UInt8], entry: Entry)] {
        var entries: [(key: [UInt8], entry: Entry)] = []
        while true {
            let chunk = try chunk(of: slot, after: entries.last?.key, bytesMax: bytesMax)
            entries += chunk.entries
            if chunk.isLast { return entries }
            guard !chunk.entries.isEmpty else {
                XCTFail("an empty chunk that is not the last")
                return entries
            }
        }
    }
}
