import Cluster
import Protocol
import XCTest

@testable import Storage

final class ReadAheadTests: XCTestCase {
    private struct Pair: Equatable {
        let key: [UInt8]
        let value: [UInt8]
    }

    private var folder: TemporaryFolder?

    override func tearDown() { folder = nil }

    private func open() throws -> RocksDatabase {
        let folder = try TemporaryFolder()
        self.folder = folder
        return try RocksDatabase(path: folder.path, tuning: RocksTuning())
    }

    /// Values of all sizes: none, and more than a piece has room for.
    private func fill(_ database: RocksDatabase, count: Int) throws -> [Pair] {
        var random = Random(seed: 3)
        let pairs = (0..<count).map { number in
            let bytes = number % 500 == 7 ? 400_000 : Int.random(in: 0..<200, using: &random)
            return Pair(key: Array(String(1_000_000 + number).utf8), value: [UInt8](repeating: UInt8(number % 251), count: bytes))
        }
        try database.write(pairs.map { .put(.data, key: $0.key, value: $0.value) })
        return pairs
    }

    private func read(_ database: RocksDatabase, to end: [UInt8] = StorageKey.position) throws -> [Pair] {
        var found: [Pair] = []
        try ReadAhead(database, .data, to: end).forEach { found.append(Pair(key: Array($0), value: Array($1))) }
        return found
    }

    func test_forEach_givesAllRecordsInOrder() throws {
        let database = try open()
        defer { database.close() }
        XCTAssertEqual(try read(database), [])
        let pairs = try fill(database, count: 20_000)
        XCTAssertEqual(try read(database), pairs)
        XCTAssertEqual(try read(database, to: pairs[777].key), Array(pairs[..<777]))
    }

    /// Nothing is read of the database any more when an error has come out: it may be closed.
    func test_forEach_whereTheTakerFails_endsWithThat() throws {
        let database = try open()
        let pairs = try fill(database, count: 20_000)
        for last in [0, 1, 5_000] {
            var count = 0
            do throws(StoreError) {
                try ReadAhead(database, .data, to: StorageKey.position).forEach { key, _ throws(StoreError) in
                    XCTAssertEqual(Array(key), pairs[count].key)
                    if count == last { throw StoreError("enough") }
                    count += 1
                }
                XCTFail("it went on")
            } catch {
                XCTAssertEqual(error, StoreError("enough"))
            }
            XCTAssertEqual(count, last)
        }
        database.close()
    }
}
