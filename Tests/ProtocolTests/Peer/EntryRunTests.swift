import XCTest

@testable import Protocol

final class EntryRunTests: XCTestCase {
    private let entries = [
        KeyedEntry(key: [], entry: EntryRunTests.entry([])),
        KeyedEntry(key: [1], entry: EntryRunTests.entry([1, 2, 3], expiry: 7)),
        KeyedEntry(key: [UInt8](repeating: 9, count: Limits.keyBytesMax), entry: EntryRunTests.entry([0], expiry: .max)),
    ]

    private static func entry(_ value: [UInt8], expiry: UInt64? = nil) -> Entry {
        Entry(
            value: value, version: Version(rawValue: .max - 5), timestamp: Timestamp(milliseconds: 1 << 60),
            expiry: expiry.map(Timestamp.init(milliseconds:)))
    }

    private func wire(_ value: some WireFormat) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(value)
        return writer.bytes
    }

    func test_run_ofEntries_isWrittenAsTheirArrayAndReadBack() throws {
        for count in 0...entries.count {
            let run = EntryRun(entries.prefix(count))
            var writer = ByteWriter()
            writer.write(Array(entries.prefix(count)))
            XCTAssertEqual(wire(run), writer.bytes)
            var reader = ByteReader(writer.bytes + [77])
            let read: EntryRun = try reader.read()
            XCTAssertEqual(read, run)
            XCTAssertEqual(reader.remaining, 1)
            XCTAssertEqual(read.entries, Array(entries.prefix(count)))
            XCTAssertEqual(read.lastKey, entries.prefix(count).last?.key)
            XCTAssertEqual(
                read.payloadBytes, entries.prefix(count).reduce(0) { $0 + $1.key.count + $1.entry.value.count })
        }
    }

    func test_run_ofKeysAndRecords_isThatOfTheirEntries() throws {
        var run = EntryRun()
        for item in entries {
            let record = wire(item.entry)
            try item.key.withUnsafeBytes { key in try record.withUnsafeBytes { try run.append(key: key, record: $0) } }
        }
        XCTAssertEqual(run, EntryRun(entries))
    }

    func test_append_whatIsNoEntry_isRefusedAndLeavesTheRun() {
        let good = wire(entries[1].entry)
        var flag = good
        flag[16] = 2
        var length = good
        length[length.count - 4] = 2
        for record in [[], [1], Array(good.dropLast()), good + [0], flag, length, Array(good.prefix(17))] {
            var run = EntryRun()
            XCTAssertThrowsError(
                try [UInt8]().withUnsafeBytes { key in try record.withUnsafeBytes { try run.append(key: key, record: $0) } })
            XCTAssertEqual(run, EntryRun())
        }
    }

    /// Whatever bytes a peer sends: a run, or an error.
    func test_read_cutOrChangedBytes_isRefusedOrARunOfThatManyEntries() {
        let good = wire(EntryRun(entries.prefix(2)))
        for count in good.indices {
            var reader = ByteReader(Array(good.prefix(count)))
            XCTAssertThrowsError(try reader.read() as EntryRun, "\(count)")
        }
        for index in good.indices {
            for bit in 0..<8 {
                var bytes = good
                bytes[index] ^= 1 << bit
                var reader = ByteReader(bytes)
                guard let run: EntryRun = try? reader.read() else { continue }
                XCTAssertEqual(run.entries.count, run.count)
                XCTAssertEqual(wire(run), Array(bytes.prefix(bytes.count - reader.remaining)))
            }
        }
    }
}
