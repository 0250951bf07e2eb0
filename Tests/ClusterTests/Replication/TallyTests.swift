import Protocol
import XCTest

@testable import Cluster

final class TallyTests: XCTestCase {
    private func entry(_ number: Int, bytes: Int, expiry: UInt64? = nil, hasDigest: Bool = false) -> Entry {
        let value = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: bytes)
        return Entry(
            value: value,
            version: Version(rawValue: UInt64(number)), timestamp: Timestamp(milliseconds: UInt64(number)),
            expiry: expiry.map(Timestamp.init(milliseconds:)), digest: hasDigest ? ContentDigest(of: value) : nil)
    }

    /// Of disks and of other nodes: a change here is a change of format.
    func test_digests_areTheSameForEver() {
        var tally = Tally()
        tally.add(entry(5, bytes: 100, expiry: 7), key: [1, 2])
        XCTAssertEqual(tally.digest, 7_002_037_442_581_234_714)
        tally = Tally()
        tally.add(entry(5, bytes: 100_000, expiry: 7, hasDigest: true), key: [1, 2])
        XCTAssertEqual(tally.digest, 12_172_792_463_130_117_421)
    }

    /// Of a disk, or of a copy whose source has rotted.
    func test_recount_ofAValueThatIsNotAsItWas_isAnotherThanWasKept() {
        let sound = entry(5, bytes: 100_000, hasDigest: true)
        let rotten = Entry(
            value: entry(6, bytes: 100_000).value, version: sound.version, timestamp: sound.timestamp, expiry: nil,
            digest: sound.digest)
        XCTAssertEqual(sound.recounted, sound)
        XCTAssertEqual(rotten.recounted.digest, ContentDigest(of: rotten.value))
        var kept = Tally()
        kept.add(sound, key: [1])
        for (entry, isSame) in [(sound, true), (rotten, false)] {
            var counted = Tally()
            counted.add(entry.recounted, key: [1])
            XCTAssertEqual(counted == kept, isSame)
        }
    }

    func test_run_addsUpToItsEntries_inAnyOrder() {
        let items = (0..<50).map { KeyedEntry(key: [UInt8($0)], entry: entry($0, bytes: $0 * 7, expiry: $0 % 2 == 0 ? 5 : nil, hasDigest: $0 % 3 == 0)) }
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
