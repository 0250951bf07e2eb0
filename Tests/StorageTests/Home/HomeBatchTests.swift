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
            }
        }
    }

    private func randomChange(_ slots: Range<Int>, using random: inout some RandomNumberGenerator) throws -> RocksChange {
        let slot = try XCTUnwrap(Slot(.random(in: slots, using: &random)))
        let name = Array("k\(Int.random(in: 0..<6, using: &random))".utf8)
        // Values grow and shrink.
        let value = (0..<Int.random(in: 0..<6, using: &random)).map { _ in UInt8.random(in: 0...9, using: &random) }
        return switch Int.random(in: 0..<6, using: &random) {
        case 0: .put(.data, key: StorageKey.data(slot, name), value: value)
        case 1: .delete(.data, key: StorageKey.data(slot, name))
        case 2: .put(.meta, key: [3] + name, value: value)
        case 3: .delete(.meta, key: [3] + name)
        case 4: .put(.log, key: StorageKey.log(slot, Version(epoch: 1, sequence: UInt64.random(in: 1...3, using: &random))), value: value)
        default: .delete(.log, key: StorageKey.log(slot, Version(epoch: 1, sequence: UInt64.random(in: 1...3, using: &random))))
        }
    }

    private func take(_ change: RocksChange, into batch: inout HomeBatch) {
        switch change {
        case .put(let family, let key, let value):
            key.withUnsafeBytes { key in value.withUnsafeBytes { batch.take(.put(family, key: key, value: $0)) } }
        case .delete(let family, let key): key.withUnsafeBytes { batch.take(.delete(family, key: $0)) }
        }
    }

    private func changes(of batch: HomeBatch) -> [RocksChange] {
        var changes: [RocksChange] = []
        batch.forEach { family, key, value in
            changes.append(value.map { .put(family, key: Array(key), value: Array($0)) } ?? .delete(family, key: Array(key)))
        }
        return changes
    }

    func test_changes_leaveWhatThoseTakenWouldHave_andAscend() throws {
        var random = SystemRandomNumberGenerator()
        var batch = HomeBatch(isReplay: false)
        for round in 0..<400 {
            let known = try randomChange(880..<900, using: &random)
            var before: [RocksFamily: [Record: Record]] = [.meta: [[3]: [2]]]
            // Each batch in the memory of the one before; what RocksDB may have of the logs only in a replay.
            let isReplay = round % 2 == 0
            batch.removeAll(isReplay: isReplay)
            if isReplay { apply([known], to: &before) }
            var wanted = before
            for _ in 0..<Int.random(in: 0..<(round == 7 ? 5_000 : 90), using: &random) {
                let change = try randomChange(880..<910, using: &random)
                take(change, into: &batch)
                apply([change], to: &wanted)
            }
            let changes = changes(of: batch)
            apply(changes, to: &before)
            XCTAssertEqual(before.filter { !$0.value.isEmpty }, wanted.filter { !$0.value.isEmpty })
            checkOrder(changes)
        }
    }

    private func checkOrder(_ changes: [RocksChange]) {
        let keys = changes.map { change -> (Int, Record) in
            switch change {
            case .put(let family, let key, _), .delete(let family, let key): (family.rawValue, Array(key.prefix(7)))
            }
        }
        for (one, next) in zip(keys, keys.dropFirst()) {
            XCTAssertTrue(one.0 < next.0 || one.0 == next.0 && !next.1.lexicographicallyPrecedes(one.1), "\(one) \(next)")
        }
    }

    /// Each key goes to RocksDB once at the most, however many there are.
    func test_changes_ofManyKeys_areOneForEach() {
        var batch = HomeBatch(isReplay: false)
        for round in UInt8(0)..<3 {
            for number in UInt32(0)..<20_000 {
                let key = withUnsafeBytes(of: number) { Array($0) }
                take(.put(.data, key: key, value: key + [round]), into: &batch)
            }
        }
        let changes = changes(of: batch)
        XCTAssertEqual(changes.count, 20_000)
        for case .put(_, let key, let value) in changes { XCTAssertEqual(value, key + [2]) }
    }

    /// What came to the log of a slot and left it again never goes to RocksDB, but for a replay, where RocksDB may have it.
    func test_logEntry_thatComesAndGoes_isNoChange_unlessReplayed() throws {
        let slot = try XCTUnwrap(Slot(7))
        let key = StorageKey.log(slot, Version(epoch: 1, sequence: 2))
        for isReplay in [false, true] {
            var batch = HomeBatch(isReplay: isReplay)
            for _ in 0..<2 {
                take(.put(.log, key: key, value: [1]), into: &batch)
                take(.delete(.log, key: key), into: &batch)
                XCTAssertEqual(changes(of: batch).count, isReplay ? 1 : 0)
            }
        }
    }
}
