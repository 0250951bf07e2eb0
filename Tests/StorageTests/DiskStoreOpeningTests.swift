import Cluster
import Foundation
import Protocol
import XCTest

@testable import Storage

final class DiskStoreOpeningTests: XCTestCase {
    private func open(_ path: String, mustExist: Bool = false) throws -> DiskStore {
        try DiskStore(path: path, mustExist: mustExist, policy: .never, tuning: .tiny, wake: {})
    }

    private func refusal(_ path: String, mustExist: Bool = false) -> String {
        do {
            try open(path, mustExist: mustExist).close()
            return ""
        } catch {
            return (error as? StoreError)?.message ?? "another error: \(error)"
        }
    }

    /// Writes below the store, as another version or a bad disk would.
    private func change(_ path: String, _ changes: [RocksChange]) throws {
        let database = try RocksDatabase(path: "\(path)/db", tuning: .tiny)
        try database.write(changes)
        database.close()
    }

    func test_open_inFolder_keepsWhatWasCommittedAndDropsTheOpenBatch() throws {
        let base = try TemporaryFolder()
        let folder = try DataFolder(at: base.path, node: nil, version: "0")
        var store = try DiskStore(in: folder, policy: .always, wake: {})
        store.put(entry(1), key: [1], in: slot(1))
        _ = store.commit(mustSync: false)
        store.put(entry(2), key: [2], in: slot(1))
        store.close()
        try folder.remember(ring: RingID(rawValue: 1), incarnation: 1)
        store = try DiskStore(in: folder, policy: .always, wake: {})
        XCTAssertEqual(try store.entries(of: slot(1), bytesMax: 1_000).map(\.key), [[1]])
        store.close()
    }

    func test_open_newerFormat_isRefused() throws {
        let base = try TemporaryFolder()
        let path = base.file("db")
        try open(path).close()
        try change(path, [.put(.meta, key: StorageKey.format, value: [6, 0, 0, 0])])
        XCTAssertEqual(
            refusal(path), "the database \(path)/db has format 6; this torc-node reads 5: use a newer torc-node")
        try change(path, [.put(.meta, key: StorageKey.format, value: [2])])
        XCTAssertTrue(refusal(path).hasPrefix("damaged data in \(path)/db: the format"))
    }

    func test_open_olderFormat_isRefused() throws {
        let base = try TemporaryFolder()
        let path = base.file("db")
        try open(path).close()
        try change(path, [.put(.meta, key: StorageKey.format, value: [1, 0, 0, 0])])
        XCTAssertEqual(
            refusal(path),
            "the database \(path)/db has format 1; this torc-node reads 5: "
                + "use the torc-node that made it, or start with an empty data folder")
    }

    func test_open_lostDatabase_isRefusedWhereItMustExist() throws {
        let base = try TemporaryFolder()
        XCTAssertTrue(refusal(base.file("db"), mustExist: true).hasPrefix("damaged data in "))
        try open(base.file("db")).close()
        XCTAssertEqual(refusal(base.file("db"), mustExist: true), "")
        try FileManager.default.removeItem(atPath: base.file("db/db/CURRENT"))
        XCTAssertTrue(refusal(base.file("db")).contains("CURRENT is missing"))
    }

    func test_open_alreadyOpen_isRefused() throws {
        let base = try TemporaryFolder()
        let store = try open(base.file("db"))
        XCTAssertEqual(
            refusal(base.file("db")), "the database \(base.file("db"))/db is in use by another process")
        store.close()
    }

    func test_open_formatBeforeTheLog_isTakenOverWithWhatIsThere() throws {
        let base = try TemporaryFolder()
        let path = base.file("x")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        let old = try RocksDatabase(path: "\(path)/db", tuning: .tiny)
        try old.write([
            .put(.meta, key: StorageKey.format, value: [3, 0, 0, 0]),
            .put(.meta, key: StorageKey.meta(.ring), value: [7]),
            .put(.log, key: StorageKey.log(slot(1), Version(rawValue: 5)), value: StorageRecord.bytes(logEntry(5), sizeHint: 0)),
            .put(.data, key: StorageKey.data(slot(1), [1]), value: StorageRecord.bytes(entry(1), sizeHint: 0)),
            .put(.data, key: StorageKey.expiry(slot(1), Timestamp(milliseconds: 9), [1]), value: []),
        ])
        // As a process that is killed leaves it: in RocksDB's own log.
        old.close()
        for _ in 0..<2 {
            let store = try open(path, mustExist: true)
            XCTAssertEqual(try store.metaValues(), [.ring: [7]])
            XCTAssertEqual(try store.logs(), [slot(1): [logEntry(5)]])
            XCTAssertEqual(try store.entry(in: slot(1), key: [1]), entry(1))
            store.close()
        }
        try change(path, [])
        let database = try RocksDatabase(path: "\(path)/db", tuning: .tiny)
        XCTAssertEqual(try database.get(.meta, key: StorageKey.format), [5, 0, 0, 0])
        database.close()
    }

    func test_open_formatBeforeDigests_isTakenOverAndMustHaveItsLog() throws {
        let base = try TemporaryFolder()
        let path = base.file("x")
        let large = entry(1, bytes: Limits.largeValueBytes)
        let store = try open(path)
        store.put(large, key: [1], in: slot(1))
        _ = store.commit(mustSync: false)
        store.close()
        try change(path, [.put(.meta, key: StorageKey.format, value: [4, 0, 0, 0])])
        let again = try open(path, mustExist: true)
        XCTAssertEqual(try again.entry(in: slot(1), key: [1]), large)
        again.close()
        let database = try RocksDatabase(path: "\(path)/db", tuning: .tiny)
        XCTAssertEqual(try database.get(.meta, key: StorageKey.format), [5, 0, 0, 0])
        database.close()
        try change(path, [.put(.meta, key: StorageKey.format, value: [4, 0, 0, 0])])
        try FileManager.default.removeItem(atPath: "\(path)/log")
        XCTAssertTrue(refusal(path, mustExist: true).hasPrefix("damaged data in "), refusal(path, mustExist: true))
    }

    /// Nothing of it may come to where records are inserted with a hint.
    func test_open_withRecordsInRocksDBsOwnLog_hasThemInTableFiles() throws {
        let base = try TemporaryFolder()
        let path = base.file("db")
        let old = try RocksDatabase(path: path, tuning: .tiny)
        try old.write([.put(.data, key: [1], value: [2])])
        old.close()
        func logBytes() -> Int {
            FileSystem.names(in: path).filter { $0.hasSuffix(".log") }.reduce(0) { $0 + (FileSystem.size("\(path)/\($1)") ?? 0) }
        }
        XCTAssertGreaterThan(logBytes(), 0)
        let database = try RocksDatabase.open(at: path, mustExist: true, tuning: .tiny)
        XCTAssertEqual(logBytes(), 0)
        XCTAssertEqual(try database.get(.data, key: [1]), [2])
        database.close()
    }

    func test_open_damagedRecords_isRefusedOrThrowsAndDoesNotTrap() throws {
        let base = try TemporaryFolder()
        let whole = StorageRecord.bytes(entry(1), sizeHint: 0)
        for (number, bad) in [[], Array(whole.dropLast()), whole + [0], [UInt8](repeating: 255, count: 40)].enumerated() {
            let path = base.file("x\(number)")
            try open(path).close()
            try change(
                path, [.put(.log, key: StorageKey.log(slot(1), .zero), value: bad), .put(.meta, key: [9, 9], value: bad)])
            let store = try open(path)
            XCTAssertThrowsError(try store.logs())
            XCTAssertThrowsError(try store.metaValues())
            XCTAssertNil(store.failure)
            store.close()
            try change(path, [.put(.data, key: StorageKey.data(slot(1), [1]), value: bad)])
            XCTAssertTrue(refusal(path).hasPrefix("damaged data in \(path)/db: an entry of slot 1"), refusal(path))
        }
    }
}
