import Cluster
import Protocol
import XCTest

@testable import Storage

/// What a node gets that was away, and what becomes of an entry that rots.
final class SyncTests: IntegrationTestCase {
    func test_restart_beyondTheBacklog_getsOnlyWhatItMissed() throws {
        let ring = try TestRing(3, flags: ["-backlog", "1KiB"], in: self)
        let client = try ring.client(0)
        try client.setAll((0..<3_000).map { ("key-\($0)", "old") })
        ring.kill(2)
        try client.setAll((0..<100).map { ("key-\($0)", "new") })
        for number in 100..<110 { try client.delete("key-\(number)") }
        try ring.restart(2)
        try ring[2].waitUntilReady()
        try ring.waitUntilSettled()
        try ring[2].waitUntilItSays("sync: ")

        let taken = ring[2].process.errorLines.compactMap(Self.entriesTaken).reduce(0, +)
        XCTAssertGreaterThan(taken, 0)
        // Of the 110 slots or so that it missed something of, not all need more than the log.
        XCTAssertLessThanOrEqual(taken, 100)
        var expected: [String: String] = [:]
        for number in 0..<3_000 where !(100..<110).contains(number) { expected["key-\(number)"] = number < 100 ? "new" : "old" }
        XCTAssertEqual(try ring.client(2).getAll((0..<3_000).map { "key-\($0)" }, consistency: "one"), expected)
    }

    /// "… 12 entries (345 bytes) taken …"
    private static func entriesTaken(_ line: String) -> Int? {
        guard line.contains("sync: "), let end = line.range(of: " entries (") else { return nil }
        return Int(line[..<end.lowerBound].split(separator: " ").last ?? "")
    }

    func test_flippedBit_inOneEntryOfOneMember_isSaidAndMended() throws {
        let ring = try TestRing(3, in: self)
        let client = try ring.client(0)
        try client.setAll((0..<200).map { ("key-\($0)", "value") })
        let member = try ring.client(1)
        try poll(until: "it is seen at one") { try member.get("key-7", consistency: "one") == "value" }
        ring.kill(1)
        let key = Array("key-7".utf8)
        let slot = Slot(key: key)
        let rotten = try change(slot, key, at: "server2")
        try ring.restart(1)
        try ring[1].waitUntilItSays("slot \(slot) holds what was not written so")
        try ring[1].waitUntilItSays("slot \(slot) is mended")
        try ring[1].waitUntilReady()
        try ring.waitUntilSettled()
        XCTAssertEqual(try ring.client(1).get("key-7", consistency: "one"), "value")
        ring.kill(1)
        XCTAssertEqual(try stored(slot, key, at: "server2")?.value, Array("value".utf8))
        XCTAssertNotEqual(rotten, Array("value".utf8))
    }

    private func store(of id: String) throws -> DiskStore {
        try DiskStore(path: dataPath(id), mustExist: true, policy: .always, wake: {})
    }

    private func stored(_ slot: Slot, _ key: [UInt8], at id: String) throws -> Entry? {
        let store = try store(of: id)
        defer { store.close() }
        return try store.entry(in: slot, key: key)
    }

    /// Flips one bit, as a disk would; returns what the value is then.
    private func change(_ slot: Slot, _ key: [UInt8], at id: String) throws -> [UInt8] {
        let store = try store(of: id)
        defer { store.close() }
        let entry = try XCTUnwrap(store.entry(in: slot, key: key))
        var value = entry.value
        value[2] ^= 4
        store.put(
            Entry(value: value, version: entry.version, timestamp: entry.timestamp, expiry: entry.expiry), key: key,
            in: slot)
        _ = store.commit(mustSync: true)
        return value
    }
}
