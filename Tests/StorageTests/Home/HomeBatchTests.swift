import Cluster
import Protocol
import XCTest

@testable import Storage

/// What is put together before it goes to RocksDB.
final class HomeBatchTests: XCTestCase {
    private typealias Record = [UInt8]

    /// Applies changes as RocksDB does, one behind the other.
    private func apply(_ changes: [RocksChange], to records: inout [RocksFamily: [Record: Record]]) {
        for change in changes {
            switch change {
            case .put(let family, let key, let value): records[family, default: [:]][key] = value
            case .delete(let family, let key): records[family, default: [:]][key] = nil
            case .deleteRange(let family, let from, let to):
                records[family] = records[family]?.filter { $0.key.lexicographicallyPrecedes(from) || !$0.key.lexicographicallyPrecedes(to) }
            }
        }
    }

    private func randomChange(_ slots: Range<Int>, using random: inout some RandomNumberGenerator) throws -> LogChange {
        let slot = try XCTUnwrap(Slot(.random(in: slots, using: &random)))
        let name = Array("k\(Int.random(in: 0..<6, using: &random))".utf8)
        let value = (0..<4).map { _ in UInt8.random(in: 0...9, using: &random) }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return .put(.data, key: StorageKey.data(slot, name), value: value)
        case 1: return .delete(.data, key: StorageKey.data(slot, name))
        case 2: return .put(.meta, key: [3] + name, value: value)
        default: return .delete(.meta, key: [3] + name)
        }
    }

    func test_changes_leaveWhatThoseTakenWouldHave_andAscend() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let cleared = try XCTUnwrap(Slot(900))
            var before: [RocksFamily: [Record: Record]] = [.data: [StorageKey.data(cleared, [1]): [1]], .meta: [[3]: [2]]]
            var wanted = before
            var batch = HomeBatch(isReplay: .random(using: &random))
            let (from, to) = StorageKey.range(of: cleared)
            let removals = [RocksChange.deleteRange(.data, from: from, to: to)]
            batch.clear(cleared, removals: removals)
            apply(removals, to: &wanted)
            for _ in 0..<Int.random(in: 0..<60, using: &random) {
                let change = try randomChange(880..<910, using: &random)
                batch.take(change)
                switch change {
                case .put(let family, let key, let value): apply([.put(family, key: key, value: value)], to: &wanted)
                case .delete(let family, let key): apply([.delete(family, key: key)], to: &wanted)
                case .putAll, .clear: XCTFail("not made here")
                }
            }
            let (changes, _) = batch.changes()
            apply(changes, to: &before)
            XCTAssertEqual(before, wanted)
            let keys = changes.dropFirst(removals.count).compactMap { change -> (Int, Record)? in
                switch change {
                case .put(let family, let key, _), .delete(let family, let key): (family.rawValue, Array(key.prefix(7)))
                case .deleteRange: nil
                }
            }
            XCTAssertEqual(keys.count, changes.count - removals.count, "the removals of slots come first")
            for (one, next) in zip(keys, keys.dropFirst()) {
                XCTAssertTrue(one.0 < next.0 || one.0 == next.0 && !next.1.lexicographicallyPrecedes(one.1), "\(one) \(next)")
            }
        }
    }

    /// What came to the log of a slot and left it again never goes to RocksDB, but for a replay, where RocksDB may have it.
    func test_logEntry_thatComesAndGoes_isNoChange_unlessReplayed() throws {
        let slot = try XCTUnwrap(Slot(7))
        let key = StorageKey.log(slot, Version(epoch: 1, sequence: 2))
        for isReplay in [false, true] {
            var batch = HomeBatch(isReplay: isReplay)
            batch.take(.put(.log, key: key, value: [1]))
            batch.take(.delete(.log, key: key))
            XCTAssertEqual(batch.changes().changes.count, isReplay ? 1 : 0)
        }
    }
}
