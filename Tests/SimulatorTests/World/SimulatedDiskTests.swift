import Cluster
import Protocol
import XCTest

@testable import Simulator

/// The disk keeps and loses exactly what a real one may.
final class SimulatedDiskTests: XCTestCase {
    private static let slot = Slot(key: [1])

    private func entry(_ number: UInt64) -> Entry {
        Entry(
            value: [UInt8(truncatingIfNeeded: number)], version: Version(epoch: 1, sequence: number),
            timestamp: Timestamp(milliseconds: number), expiry: nil)
    }

    private func logEntry(_ number: UInt64) -> LogEntry {
        LogEntry(
            version: Version(epoch: 1, sequence: number), request: RequestID(origin: 1, number: number),
            timestamp: Timestamp(milliseconds: number), key: [1], change: .delete)
    }

    /// A disk on which batch n (from 1 on) puts key n.
    private func disk(batches: Int, random: inout Random) -> SimulatedDisk {
        let disk = SimulatedDisk(id: DiskID(rawValue: 1))
        var now = Instant(microseconds: 1_000)
        let times = (0..<batches).map { _ in random.duration(in: .microseconds(10) ... .milliseconds(5)) }
        var drawn = 0
        disk.drawSyncTime = {
            defer { drawn += 1 }
            return times[drawn]
        }
        disk.advance(to: now)
        for number in 1...max(1, batches) where batches > 0 {
            disk.put(entry(UInt64(number)), key: [UInt8(number)], in: Self.slot)
            XCTAssertEqual(disk.commit(mustSync: true), Ticket(number))
            now = now + random.duration(in: .zero ... .milliseconds(3))
            disk.advance(to: now)
        }
        return disk
    }

    private func keys(_ disk: SimulatedDisk) -> [Int] {
        (1...60).filter { disk.entry(in: Self.slot, key: [UInt8($0)]) != nil }
    }

    // MARK: The ends of processes and machines

    func test_endOfProcess_anySeed_keepsWhatWasCommittedAndLosesTheRest() {
        for seed in UInt64(0)..<200 {
            var random = Random(seed: seed)
            let count = Int.random(in: 0...40, using: &random)
            let disk = disk(batches: count, random: &random)
            disk.put(entry(99), key: [60], in: Self.slot)
            XCTAssertNotNil(disk.entry(in: Self.slot, key: [60]))
            disk.endProcess()
            disk.begin()
            XCTAssertEqual(keys(disk), Array(1..<(count + 1)), "seed \(seed)")
            XCTAssertEqual(disk.durable, Ticket(count))
            XCTAssertNil(disk.nextDue)
        }
    }

    func test_endOfMachine_anySeed_keepsTheDurableAndOfTheRestAPrefix() {
        var lostSome = 0
        var keptSome = 0
        for seed in UInt64(0)..<300 {
            var random = Random(seed: seed)
            let count = Int.random(in: 0...40, using: &random)
            let disk = disk(batches: count, random: &random)
            disk.put(entry(99), key: [60], in: Self.slot)
            let durable = Int(disk.durable)
            var kept = 0
            disk.endMachine { waiting in
                XCTAssertEqual(waiting, count - durable)
                kept = Int.random(in: 0...waiting, using: &random)
                return kept
            }
            // A lost batch has taken all later ones with it.
            XCTAssertEqual(keys(disk), Array(1..<(durable + kept + 1)), "seed \(seed)")
            if durable + kept < count { lostSome += 1 }
            if kept > 0 { keptSome += 1 }
        }
        XCTAssertGreaterThan(lostSome, 50)
        XCTAssertGreaterThan(keptSome, 50)
    }

    func test_endOfMachine_afterThatOfTheProcess_stillLosesWhatWasNotDurable() {
        var random = Random(seed: 7)
        let disk = disk(batches: 20, random: &random)
        let durable = Int(disk.durable)
        XCTAssertLessThan(durable, 20)
        disk.endProcess()
        disk.endMachine { _ in 0 }
        disk.begin()
        XCTAssertEqual(keys(disk), Array(1..<(durable + 1)))
    }

    func test_endOfMachine_whatWasLost_isAlsoGoneFromLogsAndMeta() throws {
        let disk = SimulatedDisk(id: DiskID(rawValue: 1))
        disk.append(logEntry(1), to: Self.slot)
        disk.setMeta(.ring, to: [1])
        _ = disk.commit(mustSync: true)
        disk.advance(to: Instant(microseconds: 10_000))
        disk.append(logEntry(2), to: Self.slot)
        disk.setMeta(.ring, to: [2])
        disk.removeAll(in: Slot(key: [7]))
        _ = disk.commit(mustSync: true)
        disk.endMachine { _ in 0 }
        var logs: [Version] = []
        try disk.loadLogs { _, entry in logs.append(entry.version) }
        XCTAssertEqual(logs, [Version(epoch: 1, sequence: 1)])
        var meta: [[UInt8]] = []
        try disk.loadMeta { _, value in meta.append(value) }
        XCTAssertEqual(meta, [[1]])
    }

    // MARK: Durability

    func test_tickets_anySeed_becomeDurableInOrderAndNotBeforeTheirTime() {
        for seed in UInt64(0)..<200 {
            var random = Random(seed: seed)
            let disk = SimulatedDisk(id: DiskID(rawValue: 1))
            var now = Instant(microseconds: 1_000)
            var dues: [Instant] = []
            let sync = Duration.microseconds(Int64.random(in: 1...5_000, using: &random))
            disk.drawSyncTime = { sync }
            disk.advance(to: now)
            var last: Ticket = 0
            for _ in 0..<60 {
                if random.chance(permille: 600) {
                    XCTAssertEqual(disk.commit(mustSync: true), Ticket(dues.count + 1))
                    dues.append(now + sync)
                }
                now = now + random.duration(in: .zero ... .milliseconds(2))
                disk.advance(to: now)
                XCTAssertGreaterThanOrEqual(disk.durable, last)
                last = disk.durable
                XCTAssertEqual(Int(disk.durable), dues.count { $0 <= now }, "seed \(seed)")
            }
        }
    }

    func test_tickets_aQuickSyncAfterASlowOne_waitsForIt() {
        let disk = SimulatedDisk(id: DiskID(rawValue: 1))
        var times: [Duration] = [.milliseconds(10), .milliseconds(1)]
        disk.drawSyncTime = { times.removeFirst() }
        _ = disk.commit(mustSync: true)
        _ = disk.commit(mustSync: true)
        disk.advance(to: Instant(microseconds: 9_999))
        XCTAssertEqual(disk.durable, 0)
        disk.advance(to: Instant(microseconds: 10_000))
        XCTAssertEqual(disk.durable, 2)
    }

    func test_stall_delaysTheNextSyncs() {
        let disk = SimulatedDisk(id: DiskID(rawValue: 1))
        disk.stall(until: Instant(microseconds: 50_000))
        _ = disk.commit(mustSync: true)
        disk.advance(to: Instant(microseconds: 50_000))
        XCTAssertEqual(disk.durable, 0)
        disk.advance(to: Instant(microseconds: 51_000))
        XCTAssertEqual(disk.durable, 1)
        _ = disk.commit(mustSync: true)
        disk.advance(to: Instant(microseconds: 52_000))
        XCTAssertEqual(disk.durable, 2)
    }

    func test_failure_nothingBecomesDurableAnyMore() {
        let disk = SimulatedDisk(id: DiskID(rawValue: 1))
        disk.put(entry(1), key: [1], in: Self.slot)
        _ = disk.commit(mustSync: true)
        disk.fail("broken")
        XCTAssertNil(disk.nextDue)
        disk.put(entry(2), key: [2], in: Self.slot)
        _ = disk.commit(mustSync: true)
        disk.advance(to: Instant(microseconds: 1_000_000))
        XCTAssertEqual(disk.durable, 0)
        XCTAssertEqual(disk.failure?.message, "broken")
        disk.endMachine { _ in 0 }
        XCTAssertEqual(keys(disk), [])
        XCTAssertNil(disk.failure)
    }

    func test_processThatHasEnded_changesNothingAnyMore() {
        let disk = SimulatedDisk(id: DiskID(rawValue: 1))
        disk.mayAct = { false }
        disk.put(entry(1), key: [1], in: Self.slot)
        _ = disk.commit(mustSync: true)
        disk.advance(to: Instant(microseconds: 1_000_000))
        disk.endProcess()
        disk.begin()
        XCTAssertEqual(keys(disk), [])
    }

    // MARK: Chunks

    func test_chunks_anySize_walkTheTableInKeyOrder() {
        for seed in UInt64(0)..<100 {
            var random = Random(seed: seed)
            let disk = SimulatedDisk(id: DiskID(rawValue: 1))
            var table: Set<[UInt8]> = []
            for _ in 0..<Int.random(in: 0...30, using: &random) {
                let length = Int.random(in: 1...3, using: &random)
                let key = (0..<length).map { _ in UInt8.random(in: 0...3, using: &random) }
                table.insert(key)
                disk.put(entry(1), key: key, in: Self.slot)
            }
            let bytesMax = Int.random(in: 1...20, using: &random)
            var walked: [[UInt8]] = []
            while true {
                let chunk = disk.chunk(of: Self.slot, after: walked.last, bytesMax: bytesMax)
                let bytes = chunk.entries.reduce(0) { $0 + $1.key.count + $1.entry.value.count }
                XCTAssertTrue(bytes <= bytesMax || chunk.entries.count == 1)
                walked += chunk.entries.map(\.key)
                if chunk.isLast { break }
                guard !chunk.entries.isEmpty else { return XCTFail("an empty chunk that is not the last") }
            }
            XCTAssertEqual(walked, table.sorted { $0.lexicographicallyPrecedes($1) }, "seed \(seed)")
        }
    }
}
