import Cluster
import Protocol
import XCTest

@testable import Storage

/// Random histories of a table against a dictionary, over slots that grow large and small again.
final class TableModelTests: XCTestCase {
    private typealias Model = [[UInt8]: Entry]

    /// Few enough keys that they meet again, of all lengths, many a prefix of another.
    private static func key(_ random: inout Cluster.Random, of count: Int) -> [UInt8] {
        let number = Int.random(in: 0..<count, using: &random)
        return Array("\(number)".utf8) + [UInt8](repeating: UInt8(number % 256), count: number % 7)
    }

    /// One in `largeOnceIn` is a large one, which the table does not copy; 0: none.
    private static func value(_ random: inout Cluster.Random, largeOnceIn: Int) -> Entry {
        let expiry = UInt64.random(in: 0..<4, using: &random) == 0 ? UInt64.random(in: 0..<500, using: &random) : nil
        let number = UInt64.random(in: 1...1_000, using: &random)
        guard largeOnceIn > 0, Int.random(in: 0..<largeOnceIn, using: &random) == 0 else {
            return entry(number, bytes: .random(in: 0..<60, using: &random), expiry: expiry)
        }
        let plain = entry(number, bytes: Limits.largeValueBytes + .random(in: -1...1, using: &random), expiry: expiry)
        let digest = Bool.random(using: &random) ? ContentDigest(of: plain.value) : nil
        return Entry(
            value: plain.value, version: plain.version, timestamp: plain.timestamp, expiry: plain.expiry, digest: digest)
    }

    private func check(_ table: Table, _ model: Model, _ slot: Slot, after: [UInt8]?, _ note: String) throws {
        let wanted = model.filter { item in after.map { $0.lexicographicallyPrecedes(item.key) } ?? true }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
        var found: [(key: [UInt8], entry: Entry)] = []
        table.forEach(in: slot, after: after) { view in
            found.append((Array(view.key), view.entry))
            return true
        }
        XCTAssertEqual(found.map(\.key), wanted.map(\.key), note)
        XCTAssertEqual(found.map(\.entry), wanted.map(\.value), note)
        let chunk = table.chunk(of: slot, after: after, bytesMax: 3_000)
        XCTAssertEqual(chunk.entries.map(\.key), wanted.prefix(chunk.entries.count).map(\.key), note)
        XCTAssertEqual(chunk.isLast, chunk.entries.count == wanted.count, note)
        let run = table.run(of: slot, after: after, bytesMax: 3_000)
        XCTAssertEqual(run.entries.entries.map(\.key), wanted.prefix(run.entries.count).map(\.key), note)
        XCTAssertEqual(run.isLast, run.entries.count == wanted.count, note)
        XCTAssertEqual(table.count(in: slot), model.count, note)
        for (from, countMax) in [(UInt64(0), 1_000_000), (100, 7), (499, 1)] {
            let from = Timestamp(milliseconds: from)
            XCTAssertEqual(
                table.expiries(in: slot, from: from, countMax: countMax),
                Expiry.all(of: model, from: from, countMax: countMax), note)
        }
    }

    private func run(seed: UInt64, keys: Int, steps: Int, largeOnceIn: Int = 0) throws {
        var random = Cluster.Random(seed: seed)
        let table = Table(seed: seed)
        let slots = [slot(0), slot(7), slot(16_383)]
        var models = [Model](repeating: [:], count: slots.count)
        var removes = 30
        for step in 0..<steps {
            // Times of growth, times of shrinking.
            if step % (steps / 6 + 1) == 0 { removes = [20, 90, 45][step / (steps / 6 + 1) % 3] }
            let index = Int.random(in: 0..<slots.count, using: &random)
            let key = Self.key(&random, of: keys)
            if Int.random(in: 0..<100, using: &random) < removes {
                table.remove(key: key, in: slots[index])
                models[index][key] = nil
            } else {
                let entry = Self.value(&random, largeOnceIn: largeOnceIn)
                table.put(entry, key: key, in: slots[index])
                models[index][key] = entry
            }
            XCTAssertEqual(table.entry(in: slots[index], key: key), models[index][key])
            let other = Self.key(&random, of: keys)
            XCTAssertEqual(table.entry(in: slots[index], key: other), models[index][other])
            guard step % (steps / 12) == 0 else { continue }
            try check(table, models[index], slots[index], after: nil, "seed \(seed), step \(step)")
            try check(table, models[index], slots[index], after: key, "seed \(seed), step \(step), after \(key)")
            if Int.random(in: 0..<6, using: &random) == 0 {
                table.removeAll(in: slots[index])
                models[index] = [:]
            }
        }
        XCTAssertEqual(table.count, models.reduce(0) { $0 + $1.count })
        for (slot, model) in zip(slots, models) { try check(table, model, slot, after: nil, "seed \(seed), end") }
    }

    func test_randomHistory_ofSmallSlots_equalsADictionary() throws {
        for seed in 1...20 { try run(seed: UInt64(seed), keys: 5 * seed * seed, steps: 3_000) }
    }

    func test_randomHistory_withLargeValues_equalsADictionary() throws {
        for seed in 31...34 { try run(seed: UInt64(seed), keys: 30, steps: 1_200, largeOnceIn: 3) }
    }

    /// The law: nobody else's copy is made, and nothing of it stays.
    func test_largeValue_isSharedWithWhoPutIt_untilItIsReplaced() {
        for bytes in [Limits.largeValueBytes - 1, Limits.largeValueBytes] {
            let table = Table(seed: 1)
            let empty = table.bytes
            let put = entry(1, bytes: bytes)
            table.put(put, key: [1], in: slot(1))
            let found = table.entry(in: slot(1), key: [1])
            XCTAssertEqual(found, put)
            let isShared = found?.value.withUnsafeBytes { $0.baseAddress } == put.value.withUnsafeBytes { $0.baseAddress }
            XCTAssertEqual(isShared, bytes == Limits.largeValueBytes)
            XCTAssertGreaterThan(table.bytes, empty + bytes)
            table.put(entry(2), key: [1], in: slot(1))
            XCTAssertLessThan(table.bytes, empty + 512)
            XCTAssertEqual(found, put, "who has it keeps it")
        }
    }

    func test_randomHistory_ofLargeSlots_equalsADictionary() throws {
        for seed in 21...23 { try run(seed: UInt64(seed), keys: 6_000, steps: 60_000) }
    }

    func test_chunks_ofALargeSlotThatChanges_goOnBehindTheKey() throws {
        let table = Table(seed: 1)
        var random = Cluster.Random(seed: 1)
        var untouched: Set<[UInt8]> = []
        for number in 0..<20_000 {
            let key = Array("k\(number)".utf8)
            table.put(entry(1), key: key, in: slot(1))
            if number % 2 == 0 { untouched.insert(key) }
        }
        var after: [UInt8]?
        var seen: [[UInt8]] = []
        while true {
            let chunk = table.chunk(of: slot(1), after: after, bytesMax: 4_000)
            seen += chunk.entries.map(\.key)
            if chunk.isLast { break }
            after = chunk.entries.last?.key
            for _ in 0..<50 {
                let key = Array("k\(Int.random(in: 0..<10_000, using: &random) * 2 + 1)".utf8)
                if Bool.random(using: &random) {
                    table.remove(key: key, in: slot(1))
                } else {
                    table.put(entry(2, bytes: Int.random(in: 0..<90, using: &random)), key: key, in: slot(1))
                }
            }
        }
        XCTAssertEqual(seen, seen.sorted { $0.lexicographicallyPrecedes($1) })
        XCTAssertEqual(Set(seen).count, seen.count)
        XCTAssertTrue(untouched.isSubset(of: seen))
    }

    func test_bytes_afterAllIsRemoved_areThoseOfAnEmptyTable() {
        let table = Table(seed: 1)
        let empty = table.bytes
        for number in 0..<50_000 { table.put(entry(1), key: Array("\(number)".utf8), in: slot(number % 3)) }
        XCTAssertGreaterThan(table.bytes, empty + 50_000 * 64)
        for number in 0..<50_000 { table.remove(key: Array("\(number)".utf8), in: slot(number % 3)) }
        XCTAssertLessThan(table.bytes, empty + 3 * 256)
        for number in 0..<1_000 { table.put(entry(1), key: Array("\(number)".utf8), in: slot(5)) }
        table.removeAll(in: slot(5))
        XCTAssertLessThan(table.bytes, empty + 3 * 256)
        XCTAssertEqual(table.count, 0)
    }
}
