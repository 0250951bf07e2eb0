import Cluster
import Foundation
import XCTest

@testable import Storage

final class RocksTuningTests: XCTestCase {
    private static func key(_ number: Int) -> [UInt8] { Array("key\(number)".utf8) }

    /// Bytes that this process has read from files, by its own account.
    private func bytesRead() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/io", encoding: .utf8)
        let line = try XCTUnwrap(text.split(separator: "\n").first { $0.hasPrefix("rchar: ") })
        return try XCTUnwrap(Int(line.dropFirst(7)))
    }

    func test_reads_whereFiltersAreLargerThanTheCache_fetchBlocksAndNoWholeFilter() throws {
        // The filter of 400,000 keys takes half a megabyte, twice the cache.
        let folder = try TemporaryFolder()
        var tuning = RocksTuning()
        tuning.blockCacheBytes = 256 << 10
        let database = try RocksDatabase(path: folder.path, tuning: tuning)
        defer { database.close() }
        for start in stride(from: 0, to: 400_000, by: 10_000) {
            try database.write((start..<start + 10_000).map { .put(.data, key: Self.key($0), value: [1, 2, 3]) })
        }
        XCTAssertTrue(try database.tidy(removals: .max))
        let (before, reads) = (try bytesRead(), 1_000)
        for number in 0..<reads { XCTAssertEqual(try database.get(.data, key: Self.key(number * 7_919 % 400_000)), [1, 2, 3]) }
        XCTAssertLessThan((try bytesRead() - before) / reads, 50_000)
    }
}
