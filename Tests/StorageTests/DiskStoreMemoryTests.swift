import Cluster
import Foundation
import Protocol
import XCTest

@testable import Storage

/// What does not fit into the table is at home, and is as if it were in the table.
final class DiskStoreMemoryTests: XCTestCase {
    private static func key(_ number: Int) -> [UInt8] { Array("key\(number)".utf8) }

    private func fill(_ store: DiskStore, _ count: Int) {
        for number in 0..<count {
            store.put(entry(UInt64(number), bytes: 100), key: Self.key(number), in: slot(number % 5))
            if number % 20 == 0 { _ = store.commit(mustSync: false) }
        }
        store.settle()
    }

    func test_table_moreThanItsRoom_keepsToItAndEverythingIsThere() throws {
        let folder = try TemporaryFolder()
        var store = try DiskStore(path: folder.path, policy: .never, tuning: .tinyMemory, wake: {})
        fill(store, 2_000)
        for _ in 0..<2 {
            XCTAssertLessThanOrEqual(store.table.bytes, DiskTuning.tinyMemory.memoryBytesMax)
            XCTAssertLessThan(store.table.count, 100)
            for number in 0..<2_000 {
                let found = try store.entry(in: slot(number % 5), key: Self.key(number))
                XCTAssertEqual(found, entry(UInt64(number), bytes: 100))
                XCTAssertNil(try store.entry(in: slot(number % 5), key: Self.key(number + 2_000)))
                if number % 10 == 0 { _ = store.commit(mustSync: false) }
            }
            for place in 0..<5 { XCTAssertEqual(try store.entries(of: slot(place), bytesMax: 3_000).count, 400) }
            store.close()
            store = try DiskStore(path: folder.path, policy: .never, tuning: .tinyMemory, wake: {})
        }
        store.close()
    }

    func test_reads_ofMoreThanItsRoom_withoutAnyWrite_keepToIt() throws {
        let folder = try TemporaryFolder()
        let store = try DiskStore(path: folder.path, policy: .never, tuning: .tinyMemory, wake: {})
        defer { store.close() }
        fill(store, 2_000)
        for round in 0..<3 {
            for number in 0..<2_000 {
                XCTAssertEqual(
                    try store.entry(in: slot(number % 5), key: Self.key(number)), entry(UInt64(number), bytes: 100))
            }
            // The hand passes all slots before it comes to those that have something.
            XCTAssertLessThan(store.table.count, 1_200, "round \(round)")
        }
    }

    func test_removed_thenNotAtHomeYet_isNotThere() throws {
        let folder = try TemporaryFolder()
        let store = try DiskStore(path: folder.path, policy: .never, tuning: .tinyMemory, wake: {})
        defer { store.close() }
        fill(store, 1_000)
        for number in 0..<1_000 where number % 3 == 0 {
            store.remove(key: Self.key(number), in: slot(number % 5))
            XCTAssertNil(try store.entry(in: slot(number % 5), key: Self.key(number)))
            if number % 30 == 0 {
                _ = store.commit(mustSync: false)
                XCTAssertNil(try store.entry(in: slot(number % 5), key: Self.key(number)))
            }
        }
        let wanted = (0..<1_000).filter { $0 % 3 != 0 }.count
        func count() throws -> Int {
            try (0..<5).reduce(0) { $0 + (try store.entries(of: slot($1), bytesMax: 2_000).count) }
        }
        XCTAssertEqual(try count(), wanted)
        store.settle()
        XCTAssertEqual(try count(), wanted)
        XCTAssertLessThan(store.table.count, 100, "removals leave the table too")
        store.removeAll(in: slot(2))
        XCTAssertEqual(try store.entries(of: slot(2), bytesMax: 2_000).count, 0)
        XCTAssertNil(try store.entry(in: slot(2), key: Self.key(2)))
        store.settle()
        XCTAssertEqual(try store.entries(of: slot(2), bytesMax: 2_000).count, 0)
    }

    func test_expiring_staysToBeFound() throws {
        let folder = try TemporaryFolder()
        var store = try DiskStore(path: folder.path, policy: .never, tuning: .tinyMemory, wake: {})
        for number in 0..<50 {
            let expiry = Expiry(at: Timestamp(milliseconds: UInt64(number)), key: [0, UInt8(number)])
            store.setExpiry(expiry, in: slot(1), isThere: true)
            store.put(entry(1, bytes: 100, expiry: UInt64(number)), key: expiry.key, in: slot(1))
        }
        for _ in 0..<2 {
            fill(store, 1_000)
            let found = try store.expiries(in: slot(1), from: Timestamp(milliseconds: 0), countMax: 100)
            XCTAssertEqual(found.map(\.key), (0..<50).map { [0, $0] })
            store.close()
            store = try DiskStore(path: folder.path, policy: .never, tuning: .tinyMemory, wake: {})
        }
        store.close()
    }
}
