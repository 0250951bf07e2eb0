import Cluster
import XCTest

@testable import Storage

final class SyncLedgerTests: XCTestCase {
    /// What the ledger may say follows from the list of all batches and the ticket up to which they are synced.
    func test_durable_randomHistory_isTheLongestPrefixThatThePolicyAllows() {
        for (seed, policy) in zip(1..., SyncPolicy.allCases) {
            var random = Random(seed: UInt64(seed))
            var ledger = SyncLedger(policy: policy, room: 40)
            var batches: [(hasChanges: Bool, mustSync: Bool)] = []
            var synced = 0
            var syncing: Ticket?
            var (ends, room) = ([Int](), 40)
            for _ in 0..<5_000 {
                let before = ledger.durable
                switch Int.random(in: 0..<6, using: &random) {
                case 0 where syncing == nil && ledger.isDirty: syncing = ledger.last
                case 1 where syncing != nil:
                    ledger.finishSync(upTo: syncing ?? 0)
                    synced = Int(syncing ?? 0)
                    syncing = nil
                case 2:
                    room = max(room, (ends.last ?? 0) + Int.random(in: -30...30, using: &random))
                    ledger.makeRoom(to: room)
                default:
                    batches.append((Bool.random(using: &random), Int.random(in: 0..<9, using: &random) == 0))
                    ends.append((ends.last ?? 0) + Int.random(in: 0...9, using: &random))
                    let ticket = ledger.close(
                        hasChanges: batches[batches.count - 1].hasChanges,
                        mustSync: batches[batches.count - 1].mustSync, end: ends[ends.count - 1])
                    XCTAssertEqual(ticket, Ticket(batches.count))
                }
                let unsynced = batches[synced...]
                let waits = unsynced.indices.contains { index in
                    (policy == .always || unsynced[index].mustSync)
                        && unsynced[...index].contains { $0.hasChanges }
                }
                XCTAssertEqual(ledger.needsSync, waits)
                XCTAssertEqual(ledger.isDirty, unsynced.contains { $0.hasChanges })
                XCTAssertGreaterThanOrEqual(ledger.durable, before)
                let inRoom = ends.prefix { $0 <= room }.count
                XCTAssertEqual(ledger.isCrowded, inRoom < ends.count)
                XCTAssertLessThanOrEqual(ledger.durable, Ticket(inRoom))
                XCTAssertGreaterThanOrEqual(ledger.durable, Ticket(min(synced, inRoom)))
                if !waits { XCTAssertEqual(ledger.durable, Ticket(inRoom)) }
                for index in unsynced.indices where index < Int(ledger.durable) && waits {
                    XCTAssertFalse(
                        policy == .always && unsynced[index].hasChanges, "durable before its sync")
                    XCTAssertFalse(unsynced[index].mustSync && unsynced[index].hasChanges)
                }
            }
        }
    }

    func test_fail_thenSyncAndClose_nothingMoves() {
        var ledger = SyncLedger(policy: .everysec)
        _ = ledger.close(hasChanges: true, mustSync: false)
        let last = ledger.close(hasChanges: true, mustSync: true)
        ledger.fail(StoreError("first"))
        ledger.fail(StoreError("second"))
        ledger.finishSync(upTo: last)
        _ = ledger.close(hasChanges: false, mustSync: false)
        XCTAssertEqual(ledger.durable, 1)
        XCTAssertEqual(ledger.failure, StoreError("first"))
        XCTAssertFalse(ledger.needsSync || ledger.isDirty)
    }
}
