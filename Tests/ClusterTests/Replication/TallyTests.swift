import Protocol
import XCTest

@testable import Cluster

final class TallyTests: XCTestCase {
    private func entry(_ number: Int, bytes: Int, expiry: UInt64? = nil) -> Entry {
        Entry(
            value: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: bytes),
            version: Version(rawValue: UInt64(number)), timestamp: Timestamp(milliseconds: UInt64(number)),
            expiry: expiry.map(Timestamp.init(milliseconds:)))
    }

    func test_run_addsUpToItsEntries_inAnyOrder() {
        let items = (0..<50).map { KeyedEntry(key: [UInt8($0)], entry: entry($0, bytes: $0 * 7, expiry: $0 % 2 == 0 ? 5 : nil)) }
        var one = Tally()
        for item in items.shuffled() { one.add(item.entry, key: item.key) }
        var other = Tally()
        EntryRun(items).forEach { other.add($0) }
        XCTAssertEqual(one, other)
        XCTAssertEqual(other.bytes, UInt64(EntryRun(items).payloadBytes))
        for item in items { other.remove(item.entry, key: item.key) }
        XCTAssertEqual(other, Tally())
    }

    /// What a write pays for digests: one entry out, one in. The numbers are in docs/sync.md; the limit here is only
    /// there to notice something absurd.
    func test_cost_ofReplacingAnEntry() {
        let key = Array("key:12345678".utf8)
        for bytes in [16, 100, 1_024, 65_536] {
            let old = entry(1, bytes: bytes)
            let new = entry(2, bytes: bytes)
            let rounds = 20_000_000 / (bytes + 200)
            var tally = Tally()
            tally.add(old, key: key)
            let clock = ContinuousClock()
            let span = clock.measure {
                for _ in 0..<rounds {
                    tally.remove(old, key: key)
                    tally.add(new, key: key)
                    tally.remove(new, key: key)
                    tally.add(old, key: key)
                }
            }
            let nanoseconds = Int(span / .nanoseconds(1)) / (2 * rounds)
            print("digest of a write that replaces \(bytes) bytes: \(nanoseconds) ns")
            XCTAssertLessThan(nanoseconds, 100_000 + bytes * 10)
            XCTAssertEqual(tally.keys, 1)
        }
    }
}
