import Cluster
import Foundation
import Protocol
import XCTest

@testable import Storage

final class RocksStoreOpeningTests: XCTestCase {
    private func open(_ path: String, mustExist: Bool = false) throws -> RocksStore {
        try RocksStore(path: path, mustExist: mustExist, policy: .never, tuning: .tiny, wake: {})
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
        let database = try RocksDatabase(path: path, tuning: .tiny)
        try database.write(changes)
        database.close()
    }

    func test_open_inFolder_keepsWhatWasCommittedAndDropsTheOpenBatch() throws {
        let base = try TemporaryFolder()
        let folder = try DataFolder(at: base.path, node: nil, version: "0")
        var store = try RocksStore(in: folder, policy: .always, wake: {})
        store.put(entry(1), key: [1], in: slot(1))
        _ = store.commit(mustSync: false)
        store.put(entry(2), key: [2], in: slot(1))
        store.close()
        try folder.remember(ring: RingID(rawValue: 1), incarnation: 1)
        store = try RocksStore(in: folder, policy: .always, wake: {})
        XCTAssertEqual(try store.entries(of: slot(1), bytesMax: 1_000).map(\.key), [[1]])
        store.close()
    }

    func test_open_newerFormat_isRefused() throws {
        let base = try TemporaryFolder()
        let path = base.file("db")
        try open(path).close()
        try change(path, [.put(.meta, key: StorageKey.format, value: [4, 0, 0, 0])])
        XCTAssertEqual(
            refusal(path), "the database \(path) has format 4; this torc-node reads 3: use a newer torc-node")
        try change(path, [.put(.meta, key: StorageKey.format, value: [2])])
        XCTAssertTrue(refusal(path).hasPrefix("damaged data in \(path): the format"))
    }

    func test_open_olderFormat_isRefused() throws {
        let base = try TemporaryFolder()
        let path = base.file("db")
        try open(path).close()
        try change(path, [.put(.meta, key: StorageKey.format, value: [1, 0, 0, 0])])
        XCTAssertEqual(
            refusal(path),
            "the database \(path) has format 1; this torc-node reads 3: "
                + "use the torc-node that made it, or start with an empty data folder")
    }

    func test_open_lostDatabase_isRefusedWhereItMustExist() throws {
        let base = try TemporaryFolder()
        XCTAssertTrue(refusal(base.file("db"), mustExist: true).hasPrefix("damaged data in "))
        try open(base.file("db")).close()
        XCTAssertEqual(refusal(base.file("db"), mustExist: true), "")
        try FileManager.default.removeItem(atPath: base.file("db/CURRENT"))
        XCTAssertTrue(refusal(base.file("db")).contains("CURRENT is missing"))
    }

    func test_open_alreadyOpen_isRefused() throws {
        let base = try TemporaryFolder()
        let store = try open(base.file("db"))
        XCTAssertEqual(
            refusal(base.file("db")), "the database \(base.file("db")) is in use by another process")
        store.close()
    }

    func test_reading_damagedRecords_throwsAndDoesNotTrap() throws {
        let base = try TemporaryFolder()
        let path = base.file("db")
        try open(path).close()
        let whole = StorageRecord.bytes(entry(1), sizeHint: 0)
        for bad in [[], Array(whole.dropLast()), whole + [0], [UInt8](repeating: 255, count: 40)] {
            try change(
                path,
                [
                    .put(.data, key: StorageKey.data(slot(1), [1]), value: bad),
                    .put(.log, key: StorageKey.log(slot(1), .zero), value: bad),
                    .put(.meta, key: [9, 9], value: bad),
                ])
            let store = try open(path)
            defer { store.close() }
            XCTAssertThrowsError(try store.entry(in: slot(1), key: [1]))
            XCTAssertThrowsError(try store.chunk(of: slot(1), after: nil, bytesMax: 100))
            XCTAssertThrowsError(try store.run(of: slot(1), after: nil, bytesMax: 100))
            XCTAssertThrowsError(try store.logs())
            XCTAssertThrowsError(try store.metaValues())
            XCTAssertNil(store.failure)
        }
    }
}
