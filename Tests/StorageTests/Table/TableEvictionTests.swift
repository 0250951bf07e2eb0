import Cluster
import Protocol
import XCTest

@testable import Storage

/// What may leave a table, and what a slot is then.
final class TableEvictionTests: XCTestCase {
    private static let slot = StorageTests.slot(3)

    /// The clock's hand goes round.
    private func evict(_ table: Table, home: UInt64, rounds: Int) {
        for _ in 0..<(rounds * (Slot.count * 8 / 2_048 + 1)) { table.evict(bytesMax: 0, home: home, bucketsMax: 2_048) }
    }

    private func isThere(_ key: UInt8, _ table: Table) -> Bool {
        var all: Set<[UInt8]> = []
        table.forEach(in: Self.slot, after: nil) { all.insert(Array($0.key)).inserted }
        return all.contains([key])
    }

    func test_evict_whatHomeDoesNotHave_stays() {
        let table = Table()
        table.put(entry(1), key: [1], in: Self.slot, batch: 5)
        table.put(entry(1), key: [2], in: Self.slot, batch: 6)
        evict(table, home: 4, rounds: 3)
        XCTAssertEqual(table.count, 2)
        XCTAssertTrue(table.isWhole(Self.slot))
        evict(table, home: 5, rounds: 3)
        XCTAssertFalse(isThere(1, table))
        XCTAssertTrue(isThere(2, table))
        XCTAssertFalse(table.isWhole(Self.slot))
    }

    /// Home would show what was removed.
    func test_evict_ofASlotWhoseRemovalHomeDoesNotKnow_takesNothingOut() {
        let table = Table()
        for key in UInt8(1)...3 { table.put(entry(1), key: [key], in: Self.slot, batch: 1) }
        table.remove(key: [1], in: Self.slot, batch: 5)
        evict(table, home: 4, rounds: 3)
        XCTAssertTrue(table.isWhole(Self.slot))
        XCTAssertEqual(table.count, 2)
        table.removeAll(in: Self.slot, batch: 7)
        table.put(entry(1), key: [4], in: Self.slot, batch: 1)
        evict(table, home: 6, rounds: 3)
        XCTAssertTrue(table.isWhole(Self.slot))
        evict(table, home: 7, rounds: 3)
        XCTAssertFalse(table.isWhole(Self.slot))
        XCTAssertEqual(table.count, 0)
    }

    func test_remove_fromASlotThatIsNotWhole_isRememberedUntilHomeKnows() {
        let table = Table()
        table.setPartial(Self.slot)
        table.remove(key: [1], in: Self.slot, batch: 5)
        evict(table, home: 4, rounds: 3)
        let key: [UInt8] = [1]
        key.withUnsafeBytes { guard case .removed = table.find($0, in: Self.slot) else { return XCTFail("forgotten") } }
        XCTAssertFalse(isThere(1, table))
        evict(table, home: 5, rounds: 3)
        key.withUnsafeBytes { guard case .absent = table.find($0, in: Self.slot) else { return XCTFail("kept") } }
        XCTAssertFalse(table.isWhole(Self.slot))
    }

    func test_evict_lookedAtSinceTheLastRound_staysForOneMore() {
        let table = Table()
        for key in UInt8(1)...2 { table.put(entry(1), key: [key], in: Self.slot, batch: 1) }
        XCTAssertNotNil(table.entry(in: Self.slot, key: [1]))
        // The hand comes by the first slots, once.
        table.evict(bytesMax: 0, home: 1, bucketsMax: 2_048)
        XCTAssertTrue(isThere(1, table))
        XCTAssertFalse(isThere(2, table))
        evict(table, home: 1, rounds: 2)
        XCTAssertFalse(isThere(1, table))
    }

    func test_evict_whatExpires_stays() {
        let table = Table()
        table.put(entry(1, expiry: 9), key: [1], in: Self.slot, batch: 1)
        evict(table, home: 1, rounds: 3)
        XCTAssertEqual(table.expiries(in: Self.slot, from: Timestamp(milliseconds: 0), countMax: 9).map(\.key), [[1]])
        XCTAssertTrue(table.isWhole(Self.slot))
    }
}
