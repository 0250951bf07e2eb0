import Cluster
import Foundation
import Protocol
import Synchronization
import XCTest

@testable import Storage

/// The process that `DiskStoreCrashTests` kills: it writes batches that follow from their numbers, and
/// reports how far they are durable. Where another has written before it goes on from there. In an ordinary run of the tests it does nothing.
final class CrashingWriter: XCTestCase {
    static let folderVariable = "TORC_CRASHING_WRITER"
    static let policyVariable = "TORC_CRASHING_WRITER_POLICY"
    /// At the how manieth of which step it kills itself: "synced 3".
    static let stepVariable = "TORC_CRASHING_WRITER_STEP"
    static let onlySyncedVariable = "TORC_CRASHING_WRITER_ONLY_SYNCED"
    static let slots = (0..<7).map { slot($0 * 2_000) }

    static func batch(_ number: Int) -> [StoreModel.Step] {
        let slot = slots[number % slots.count]
        let version = UInt64(number)
        var steps: [StoreModel.Step] = [
            .put(entry(version, bytes: number * 37 % 2_000), key: Array("key\(number % 50)".utf8), slot),
            .append(logEntry(version, bytes: number * 53 % 1_000), slot),
            .setMeta(.request(slot, Version(rawValue: version % 30)), [UInt8(number % 256)]),
        ]
        if number > 70 { steps.append(.removeLogEntry(Version(rawValue: version - 70), slot)) }
        if number % 41 == 0 { steps.append(.removeAll(slots[number % 3])) }
        if number % 5 == 0 { steps.append(.remove(key: Array("key\(number % 11)".utf8), slot)) }
        var writer = ByteWriter()
        writer.write(UInt32(number))
        return steps + [.setMeta(.ring, writer.bytes)]
    }

    /// 0: there is none.
    static func lastBatch(in store: DiskStore) throws -> Int {
        guard let bytes = try store.metaValues()[.ring] else { return 0 }
        var reader = ByteReader(bytes)
        return Int(try reader.readUInt32())
    }

    private static func tuning(_ text: String?) -> DiskTuning {
        let words = (text ?? "").split(separator: " ")
        guard words.count == 2, let step = StorageStep(rawValue: String(words[0])), let count = Int(words[1]) else {
            return .tiny
        }
        let seen = Mutex(0)
        return .tiny { other in
            guard other == step else { return }
            seen.withLock { seen in
                seen += 1
                if seen == count { kill(getpid(), SIGKILL) }
            }
        }
    }

    func test_write_untilKilled() throws {
        let environment = ProcessInfo.processInfo.environment
        guard let folder = environment[Self.folderVariable] else {
            throw XCTSkip("runs only as the process that DiskStoreCrashTests kills")
        }
        let policy = try XCTUnwrap(SyncPolicy(rawValue: environment[Self.policyVariable] ?? ""))
        let onlySynced = environment[Self.onlySyncedVariable] == "yes"
        let report = try FileHandle(forUpdating: URL(fileURLWithPath: "\(folder)/report"))
        try report.seekToEnd()
        FaultyDisk.reportSyncs(to: report)
        let store = try DiskStore(path: "\(folder)/db", policy: policy, tuning: Self.tuning(environment[Self.stepVariable]), wake: {})
        let before = try Self.lastBatch(in: store)
        var reported: Ticket = 0
        var awaited: Ticket = 0
        for number in (before + 1)... {
            Self.batch(number).forEach { store.apply($0) }
            let mustSync = number % 10 == 0
            let ticket = store.commit(mustSync: mustSync)
            // Where the policy lets a batch go unsynced, a power cut may take it: only what must be synced counts.
            if !onlySynced || policy == .always || mustSync { awaited = ticket }
            // Now and then there is a moment at which all that counts is durable.
            if onlySynced, policy != .always, number % 50 == 0 {
                while store.durable < ticket, store.failure == nil, getppid() != 1 { usleep(50) }
            }
            let durable = min(store.durable, awaited)
            if durable > reported, policy == .always || !onlySynced || store.durable >= awaited {
                report.write(Data("durable \(UInt64(before) + durable)\n".utf8))
                reported = durable
            }
            // A parent that died must not leave a writer behind.
            if number > 200_000 || getppid() == 1 { return }
        }
    }
}
