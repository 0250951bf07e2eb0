import XCTest

@testable import Protocol

final class EntryRunTests: XCTestCase {
    private let entries = [
        KeyedEntry(key: [], entry: EntryRunTests.entry([])),
        KeyedEntry(key: [1], entry: EntryRunTests.entry([1, 2, 3], expiry: 7)),
        KeyedEntry(key: [2], entry: EntryRunTests.entry([4, 5], digest: ContentDigest(high: 1 << 63, low: 77))),
        KeyedEntry(key: [3], entry: EntryRunTests.entry([6], expiry: 8, digest: ContentDigest(high: 0, low: .max))),
        KeyedEntry(key: [UInt8](repeating: 9, count: Limits.keyBytesMax), entry: EntryRunTests.entry([0], expiry: .max)),
    ]

    private static func entry(_ value: [UInt8], expiry: UInt64? = nil, digest: ContentDigest? = nil) -> Entry {
        Entry(
            value: value, version: Version(rawValue: .max - 5), timestamp: Timestamp(milliseconds: 1 << 60),
            expiry: expiry.map(Timestamp.init(milliseconds:)), digest: digest)
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

    /// However its value lies, behind its head or elsewhere.
    func test_run_ofViews_isThatOfTheirEntries() throws {
        var run = EntryRun(), sharing = EntryRun()
        for item in entries {
            try withViews(of: item) { whole, shared in
                for view in [whole, shared] {
                    XCTAssertEqual(view.entry, item.entry)
                    XCTAssertEqual(view.digest, item.entry.digest)
                    XCTAssertEqual(view.recordBytes, wire(item.entry).count)
                    view.withRecord { XCTAssertEqual(Array($0), wire(item.entry)) }
                }
                run.append(whole)
                sharing.append(shared)
            }
        }
        XCTAssertEqual(run, EntryRun(entries))
        XCTAssertEqual(sharing, run)
    }

    private func withViews(of item: KeyedEntry, _ body: (_ whole: EntryView, _ shared: EntryView) -> Void) throws {
        let record = wire(item.entry)
        var content = item.entry.content
        try item.key.withUnsafeBytes { key in
            try record.withUnsafeBytes { record in
                let whole = try XCTUnwrap(EntryView(key: key, record: record))
                let head = UnsafeRawBufferPointer(rebasing: record[..<whole.headBytes])
                withUnsafePointer(to: &content) { body(whole, EntryView(key: key, head: head, value: $0)) }
            }
        }
    }

    func test_view_ofWhatIsNoEntry_isNone() {
        for good in [wire(entries[1].entry), wire(entries[3].entry)] {
            var flag = good
            flag[16] = 4
            var length = good
            length[length.count - entries[1].entry.value.count - 1] ^= 2
            for record in [[], [1], Array(good.dropLast()), good + [0], flag, length, Array(good.prefix(17))] {
                record.withUnsafeBytes { XCTAssertNil(EntryView(key: UnsafeRawBufferPointer(start: nil, count: 0), record: $0)) }
            }
        }
    }

    /// Whatever bytes a peer sends: a run, or an error.
    func test_read_cutOrChangedBytes_isRefusedOrARunOfThatManyEntries() {
        let good = wire(EntryRun(entries.prefix(4)))
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
