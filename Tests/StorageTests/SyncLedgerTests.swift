import Cluster
import XCTest

@testable import Storage

final class SyncLedgerTests: XCTestCase {
    /// What the ledger may say follows from the list of all batches and the ticket up to which they are synced.
    func test_durable_randomHistory_isTheLongestPrefixThatThePolicyAllows() {
        for (seed, policy) in zip(1..., SyncPolicy.allCases) {
            var random = Random(seed: UInt64(seed))
            var ledger = SyncLedger(policy: policy)
            var batches: [(hasChanges: Bool, mustSync: Bool)] = []
            var synced = 0
            var syncing: Ticket?
            for _ in 0..<5_000 {
                let before = ledger.durable
                switch Int.random(in: 0..<4, using: &random) {
                case 0 where syncing == nil && ledger.isDirty: syncing = ledger.last
                case 1 where syncing != nil:
                    ledger.finishSync(upTo: syncing ?? 0)
                    synced = Int(syncing ?? 0)
                    syncing = nil
                default:
                    batches.append((Bool.random(using: &random), Int.random(in: 0..<9, using: &random) == 0))
                    let ticket = ledger.close(
                        hasChanges: batches[batches.count - 1].hasChanges,
                        mustSync: batches[batches.count - 1].mustSync)
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
                XCTAssertGreaterThanOrEqual(ledger.durable, Ticket(synced))
                if !waits { XCTAssertEqual(ledger.durable, ledger.last) }
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
