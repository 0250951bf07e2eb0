import Cluster
import Protocol
import XCTest

@testable import Storage

/// The laws of the contract in `Store`, on every kind of store.
final class StoreConformanceTests: XCTestCase {
    private func onEachStore(_ body: (any Store) throws -> Void) throws {
        try naming("memory") { try body(MemoryStore()) }
        try naming("rocksdb with little memory") {
            let folder = try TemporaryFolder()
            let store = try DiskStore(path: folder.file("db"), policy: .never, tuning: .tinyMemory, wake: {})
            defer { store.close() }
            try body(store)
            XCTAssertNil(store.failure)
        }
        for policy in SyncPolicy.allCases {
            try naming("rocksdb, \(policy)") {
                let folder = try TemporaryFolder()
                let store = try DiskStore(
                    path: folder.file("db"), policy: policy, tuning: .tiny, wake: {})
                defer { store.close() }
                try body(store)
                XCTAssertNil(store.failure)
            }
        }
    }

    /// Says on which kind of store a check failed.
    private func naming(_ kind: String, _ body: () throws -> Void) rethrows {
        let before = testRun?.totalFailureCount ?? 0
        try body()
        if testRun?.totalFailureCount ?? 0 > before { XCTFail("the above: on \(kind)") }
    }

    /// On each store that outlives its process: gives `body` the store and what closes and opens it.
    private func onEachPersistentStore(_ body: (any Store, _ reopen: () throws -> any Store) throws -> Void) throws {
        for policy in SyncPolicy.allCases {
            try naming("rocksdb, \(policy)") {
                let folder = try TemporaryFolder()
                var store = try DiskStore(
                    path: folder.file("db"), policy: policy, tuning: .tiny, wake: {})
                defer { store.close() }
                try body(store) {
                    store.close()
                    XCTAssertNil(store.failure)
                    store = try DiskStore(path: folder.file("db"), policy: policy, tuning: .tiny, wake: {})
                    return store
                }
            }
        }
    }

    /// Checks before the commit and after it: a read must see the same.
    private func thenCommitted(_ store: any Store, _ check: () throws -> Void) rethrows {
        try check()
        _ = store.commit(mustSync: false)
        try check()
        guard let store = store as? DiskStore, store.memoryBytesMax < .max else { return }
        store.settle()
        try check()
    }

    func test_entry_neverPut_isNil() throws {
        try onEachStore { store in XCTAssertNil(try store.entry(in: slot(5), key: [1])) }
    }

    func test_entry_afterPut_isThatEntryInThatSlotOnly() throws {
        try onEachStore { store in
            let large = entry(3, bytes: 100_000, expiry: .max)
            store.put(entry(1, bytes: 0), key: [0], in: slot(0))
            store.put(entry(2), key: [0, 0], in: slot(0))
            store.put(large, key: [0], in: slot(16_383))
            try thenCommitted(store) {
                XCTAssertEqual(try store.entry(in: slot(0), key: [0]), entry(1, bytes: 0))
                XCTAssertEqual(try store.entry(in: slot(0), key: [0, 0]), entry(2))
                XCTAssertEqual(try store.entry(in: slot(16_383), key: [0]), large)
                XCTAssertNil(try store.entry(in: slot(1), key: [0]))
            }
        }
    }

    func test_entry_afterSecondPutAndRemove_isTheLatest() throws {
        try onEachStore { store in
            store.put(entry(1), key: [9], in: slot(3))
            _ = store.commit(mustSync: false)
            store.put(entry(2), key: [9], in: slot(3))
            try thenCommitted(store) { XCTAssertEqual(try store.entry(in: slot(3), key: [9]), entry(2)) }
            store.remove(key: [9], in: slot(3))
            try thenCommitted(store) { XCTAssertNil(try store.entry(in: slot(3), key: [9])) }
        }
    }

    func test_expiries_soonestFirst_asToldInOpenAndClosedBatches() throws {
        let all = [(20, [1]), (20, [2]), (1_500, [0]), (70_000, [255])].map { at, key in
            Expiry(at: Timestamp(milliseconds: at), key: key)
        }
        try onEachStore { store in
            for expiry in all.reversed() { Self.put(expiry, in: slot(3), store) }
            Self.put(all[0], in: slot(4), store)
            store.put(entry(1), key: [255, 255], in: slot(3))
            try thenCommitted(store) {
                let zero = Timestamp(milliseconds: 0)
                XCTAssertEqual(try store.expiries(in: slot(3), from: zero, countMax: 9), all)
                XCTAssertEqual(try store.expiries(in: slot(3), from: zero, countMax: 2), Array(all[..<2]))
                XCTAssertEqual(try store.expiries(in: slot(3), from: all[2].at, countMax: 1), [all[2]])
                XCTAssertEqual(try store.expiries(in: slot(4), from: zero, countMax: 9), [all[0]])
                XCTAssertEqual(
                    try store.entries(of: slot(3), bytesMax: 1_000).map(\.key), [[0], [1], [2], [255], [255, 255]])
            }
            store.setExpiry(all[1], in: slot(3), isThere: false)
            store.remove(key: all[1].key, in: slot(3))
            try thenCommitted(store) {
                let left = try store.expiries(in: slot(3), from: Timestamp(milliseconds: 0), countMax: 2)
                XCTAssertEqual(left, [all[0], all[2]])
            }
            store.removeAll(in: slot(3))
            try thenCommitted(store) {
                XCTAssertEqual(try store.expiries(in: slot(3), from: Timestamp(milliseconds: 0), countMax: 9), [])
            }
        }
    }

    private static func put(_ expiry: Expiry, in slot: Slot, _ store: any Store) {
        store.setExpiry(expiry, in: slot, isThere: true)
        store.put(entry(1, expiry: expiry.at.milliseconds), key: expiry.key, in: slot)
    }

    func test_chunk_ofEmptySlot_isLastAndEmpty() throws {
        try onEachStore { store in
            store.put(entry(1), key: [1], in: slot(7))
            store.put(entry(1), key: [1], in: slot(9))
            try thenCommitted(store) {
                let chunk = try store.chunk(of: slot(8), after: nil, bytesMax: 1_000)
                XCTAssertTrue(chunk.entries.isEmpty && chunk.isLast)
            }
        }
    }

    func test_chunk_smallerThanAnEntry_takesOneAtATimeInKeyOrder() throws {
        try onEachStore { store in
            let keys: [[UInt8]] = [[0], [0, 0], [0, 255], [1], [1, 0], [127], [128], [255], [255, 255]]
            for (number, key) in keys.shuffled().enumerated() where number % 2 == 0 {
                store.put(entry(0), key: key, in: slot(4))
            }
            _ = store.commit(mustSync: false)
            for (number, key) in keys.enumerated() { store.put(entry(UInt64(number)), key: key, in: slot(4)) }
            try thenCommitted(store) {
                var last: [UInt8]?
                for (number, key) in keys.enumerated() {
                    let chunk = try store.chunk(of: slot(4), after: last, bytesMax: 1)
                    XCTAssertEqual(chunk.entries.map(\.key), [key])
                    XCTAssertEqual(chunk.entries.map(\.entry), [entry(UInt64(number))])
                    XCTAssertEqual(chunk.isLast, number == keys.count - 1)
                    last = key
                }
            }
        }
    }

    func test_chunk_withBudget_takesAboutThat() throws {
        try onEachStore { store in
            for key in 0..<100 { store.put(entry(1, bytes: 1_000), key: [UInt8(key)], in: slot(4)) }
            try thenCommitted(store) {
                let chunk = try store.chunk(of: slot(4), after: [9], bytesMax: 20_000)
                XCTAssertEqual(chunk.entries.first?.key, [10])
                XCTAssertTrue((15...20).contains(chunk.entries.count), "\(chunk.entries.count)")
                XCTAssertFalse(chunk.isLast)
            }
        }
    }

    func test_run_isTheChunk_beforeAndAfterTheCommit() throws {
        try onEachStore { store in
            for key in 0..<100 {
                store.put(entry(UInt64(key), bytes: 300, expiry: key % 3 == 0 ? 9 : nil), key: [UInt8(key)], in: slot(4))
            }
            store.put(entry(1), key: [1], in: slot(5))
            try thenCommitted(store) {
                var last: [UInt8]?
                var seen = 0
                repeat {
                    let (run, isLast) = try store.run(of: slot(4), after: last, bytesMax: 5_000)
                    let keys = run.entries.map(\.key)
                    XCTAssertEqual(keys, (seen..<(seen + keys.count)).map { [UInt8($0)] })
                    for item in run.entries {
                        XCTAssertEqual(item.entry, try store.entry(in: slot(4), key: item.key))
                    }
                    seen += keys.count
                    XCTAssertEqual(isLast, seen == 100)
                    guard let key = run.lastKey, keys.count < 20 else { return XCTFail("\(keys.count) entries") }
                    last = key
                } while seen < 100
                let (rest, isLast) = try store.run(of: slot(4), after: last, bytesMax: 1)
                XCTAssertTrue(rest.isEmpty && isLast)
            }
        }
    }

    func test_putAll_amongOtherChanges_isAsPutOfEach() throws {
        let run = EntryRun((0..<9).map { KeyedEntry(key: [UInt8($0)], entry: entry(UInt64($0), bytes: 50, expiry: nil)) })
        try onEachStore { store in
            store.put(entry(77), key: [1], in: slot(4))
            store.putAll(run, in: slot(4))
            store.remove(key: [2], in: slot(4))
            store.put(entry(78), key: [3], in: slot(4))
            store.putAll(run, in: slot(5))
            store.putAll(run, in: slot(6))
            store.removeAll(in: slot(6))
            store.put(entry(79), key: [1], in: slot(6))
            try thenCommitted(store) {
                XCTAssertEqual(try store.entries(of: slot(4), bytesMax: 100).map(\.key), [0, 1, 3, 4, 5, 6, 7, 8].map { [$0] })
                XCTAssertEqual(try store.entry(in: slot(4), key: [1]), entry(1, bytes: 50))
                XCTAssertNil(try store.entry(in: slot(4), key: [2]))
                XCTAssertEqual(try store.entry(in: slot(4), key: [3]), entry(78))
                XCTAssertEqual(try store.run(of: slot(5), after: nil, bytesMax: 10_000).entries, run)
                XCTAssertEqual(try store.entries(of: slot(6), bytesMax: 100).map(\.key), [[1]])
            }
        }
    }

    func test_loadMeta_afterSetting_hasTheLatestOfEachKey() throws {
        try onEachPersistentStore { store, reopen in
            let keys: [MetaKey] = [
                .ring, .slot(slot(1)), .slot(slot(16_383)), .progress(slot(1)),
                .request(slot(1), Version(rawValue: 256)), .request(slot(1), Version(rawValue: .max)),
            ]
            for key in keys { store.setMeta(key, to: [1]) }
            _ = store.commit(mustSync: false)
            store.setMeta(.ring, to: [])
            store.setMeta(.progress(slot(1)), to: nil)
            store.setMeta(.progress(slot(2)), to: nil)
            _ = store.commit(mustSync: false)
            let values = try reopen().metaValues()
            XCTAssertEqual(values[.ring], [])
            XCTAssertEqual(Set(values.keys), Set(keys).subtracting([.progress(slot(1))]))
        }
    }

    func test_loadLogs_appendedInAnyOrder_comesInOrderOfVersions() throws {
        try onEachPersistentStore { store, reopen in
            let numbers: [UInt64] = [1, 255, 256, 65_536, 1 << 40, .max]
            for number in numbers.reversed() { store.append(logEntry(number), to: slot(2)) }
            store.append(logEntry(3), to: slot(3))
            _ = store.commit(mustSync: false)
            let logs = try reopen().logs()
            XCTAssertEqual(logs[slot(2)], numbers.map { logEntry($0) })
            XCTAssertEqual(logs[slot(3)], [logEntry(3)])
        }
    }

    func test_removeLogEntry_whereThereIsNone_changesNothing() throws {
        try onEachPersistentStore { store, reopen in
            store.append(logEntry(1), to: slot(2))
            store.append(logEntry(2), to: slot(2))
            _ = store.commit(mustSync: false)
            store.removeLogEntry(Version(rawValue: 3), of: slot(2))
            store.removeLogEntry(Version(rawValue: 1), of: slot(3))
            store.removeLogEntry(Version(rawValue: 1), of: slot(2))
            _ = store.commit(mustSync: false)
            XCTAssertEqual(try reopen().logs(), [slot(2): [logEntry(2)]])
        }
    }

    func test_load_ofAStoreThatIsNotPersistent_isNothing() throws {
        let store = MemoryStore()
        store.append(logEntry(1), to: slot(2))
        store.setMeta(.ring, to: [1])
        _ = store.commit(mustSync: true)
        XCTAssertEqual(try store.logs(), [:])
        XCTAssertEqual(try store.metaValues(), [:])
    }

    func test_removeAll_ofSmallAndLargeSlots_leavesNeighboursAndMeta() throws {
        for count in [1, Home.keysReadMax, Home.keysReadMax + 1, 4_000] {
            try onEachStore { store in
                for number in 0..<UInt64(count) {
                    let key = Array("key\(number)".utf8)
                    for place in 10...12 { store.put(entry(number), key: key, in: slot(place)) }
                    if number == UInt64(count / 2) { _ = store.commit(mustSync: false) }
                }
                store.removeAll(in: slot(11))
                try thenCommitted(store) {
                    XCTAssertNil(try store.entry(in: slot(11), key: Array("key0".utf8)))
                    XCTAssertEqual(try store.entries(of: slot(11), bytesMax: 9_999).count, 0)
                    XCTAssertEqual(try store.entries(of: slot(10), bytesMax: 9_999).count, count)
                    XCTAssertEqual(try store.entries(of: slot(12), bytesMax: 9_999).count, count)
                }
            }
        }
    }

    func test_removeAll_takesTheLogOfThatSlotAndNoMeta() throws {
        for count in [1, Home.keysReadMax + 1, 4_000] {
            try onEachPersistentStore { store, reopen in
                for number in 0..<UInt64(count) {
                    for place in 10...12 { store.append(logEntry(number), to: slot(place)) }
                    if number == UInt64(count / 2) { _ = store.commit(mustSync: false) }
                }
                store.setMeta(.slot(slot(11)), to: [1])
                store.removeAll(in: slot(11))
                store.append(logEntry(9_999), to: slot(11))
                _ = store.commit(mustSync: false)
                let opened = try reopen()
                XCTAssertEqual(
                    try opened.logs().mapValues(\.count), [slot(10): count, slot(11): 1, slot(12): count])
                XCTAssertEqual(try opened.metaValues(), [.slot(slot(11)): [1]])
            }
        }
    }

    func test_removeAll_thenPutInTheSameBatch_showsOnlyTheNew() throws {
        try onEachStore { store in
            for number in 0..<UInt64(400) { store.put(entry(number), key: [UInt8(number % 200)], in: slot(11)) }
            _ = store.commit(mustSync: false)
            store.put(entry(1), key: [201], in: slot(11))
            store.removeAll(in: slot(11))
            store.put(entry(7), key: [7], in: slot(11))
            store.removeAll(in: slot(11))
            store.put(entry(8), key: [8], in: slot(11))
            try thenCommitted(store) {
                XCTAssertEqual(try store.entries(of: slot(11), bytesMax: 1).map(\.key), [[8]])
                XCTAssertNil(try store.entry(in: slot(11), key: [7]))
            }
        }
    }

    func test_commit_tickets_ascendAndBecomeDurableInOrder() throws {
        try onEachStore { store in
            var last: Ticket = 0
            var durable = store.durable
            for number in 0..<UInt64(200) {
                if number % 3 != 0 { store.put(entry(number), key: [1], in: slot(1)) }
                let ticket = store.commit(mustSync: number % 7 == 0)
                XCTAssertGreaterThan(ticket, last)
                XCTAssertGreaterThanOrEqual(store.durable, durable)
                durable = store.durable
                XCTAssertLessThanOrEqual(durable, ticket)
                last = ticket
            }
            waitUntil("all is durable") { store.durable == last }
        }
    }

    func test_commit_emptyWithNothingUnsynced_isDurableAtOnce() throws {
        try onEachStore { store in
            let first = store.commit(mustSync: true)
            XCTAssertEqual(store.durable, first)
            store.put(entry(1), key: [1], in: slot(1))
            let second = store.commit(mustSync: true)
            waitUntil("the batch is durable") { store.durable == second }
            let third = store.commit(mustSync: false)
            XCTAssertEqual(store.durable, third)
        }
    }
}
