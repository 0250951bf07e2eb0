import Cluster
import Protocol
import XCTest

@testable import Storage

/// Random histories against a model; for a store on disk with restarts, which lose the open batch alone.
final class StoreModelTests: XCTestCase {
    private static let slots = [0, 1, 2, 255, 256, 16_382, 16_383].map(slot)

    private static func randomKey(_ random: inout Cluster.Random) -> [UInt8] {
        (0..<Int.random(in: 1...3, using: &random)).map { _ in
            [0, 1, 127, 255].randomElement(using: &random) ?? UInt8(0)
        }
    }

    private static func randomStep(_ random: inout Cluster.Random) -> StoreModel.Step {
        let slot = slots[Int.random(in: 0..<slots.count, using: &random)]
        let number = UInt64.random(in: 1...40, using: &random)
        let key = randomKey(&random)
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<30: return .put(entry(number, bytes: Int(number) * 20), key: key, slot)
        case 30..<35:
            var keys: Set<[UInt8]> = [key]
            for byte in 0..<UInt8(number) { keys.insert([byte &* 21]) }
            let sorted = keys.sorted { $0.lexicographicallyPrecedes($1) }
            return .putAll(EntryRun(sorted.map { KeyedEntry(key: $0, entry: entry(number)) }), slot)
        case 35..<50: return .remove(key: key, slot)
        case 50..<70: return .append(logEntry(number, key: key), slot)
        case 70..<80: return .removeLogEntry(Version(rawValue: number), slot)
        case 80..<83: return .removeAll(slot)
        case 83..<90: return .setMeta(.request(slot, Version(rawValue: number)), [UInt8(number)])
        case 90..<95: return .setMeta(.request(slot, Version(rawValue: number)), nil)
        default: return .setMeta(.slot(slot), key)
        }
    }

    /// - Parameter restart: nil where the store does not outlive its process.
    private func run(
        seed: UInt64, steps: Int, _ first: any Store, restart: ((any Store) throws -> any Store)?
    ) throws {
        var store = first
        var exchanged = 0
        var random = Cluster.Random(seed: seed)
        var committed = StoreModel()
        var model = committed
        for number in 0..<steps {
            let step = Self.randomStep(&random)
            // The log has a version once.
            if case .append(let entry, let slot) = step, model.logs[slot]?[entry.version] != nil { continue }
            let note = "seed \(seed), step \(number)"
            if case .put(let entry, let key, let slot) = step, entry.expiry == nil, Bool.random(using: &random) {
                let shown = store.exchange(entry, key: key, in: slot)
                if let shown {
                    XCTAssertEqual(shown.before, model.tables[slot]?[key], note)
                    XCTAssertEqual(shown.after, entry, note)
                } else {
                    store.apply(step)
                }
                exchanged += shown == nil ? 0 : 1
            } else {
                store.apply(step)
            }
            model.apply(step)
            if case .put(let entry, let key, let slot) = step {
                XCTAssertEqual(try store.entry(in: slot, key: key), entry, note)
            }
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<8:
                _ = store.commit(mustSync: Bool.random(using: &random))
                committed = model
            case 13..<20:
                let key = Self.randomKey(&random)
                let slot = Self.slots[Int.random(in: 0..<Self.slots.count, using: &random)]
                let wanted = model.tables[slot]?[key]
                if let shown = store.look(in: slot, key: key) { XCTAssertEqual(shown.entry, wanted, "look, " + note) }
                XCTAssertEqual(try store.entry(in: slot, key: key), wanted, note)
            case 11..<13:
                guard let store = store as? DiskStore, store.memoryBytesMax < .max else { break }
                store.settle()
                committed = model
            case 8..<10:
                let bytesMax = Int.random(in: 1...3_000, using: &random)
                try model.check(store, slots: Self.slots, bytesMax: bytesMax, note)
            case 10 where restart != nil:
                store = try restart?(store) ?? store
                model = committed
                try model.checkAll(store, slots: Self.slots, bytesMax: 1_000, "restarted, " + note)
            default: break
            }
        }
        try model.check(store, slots: Self.slots, bytesMax: 1_000, "seed \(seed), end")
        XCTAssertGreaterThan(exchanged, 50)
    }

    func test_memory_randomHistory_equalsModel() throws {
        for seed in 1...3 { try run(seed: UInt64(seed), steps: 1_000, MemoryStore(), restart: nil) }
    }

    func test_disk_randomHistoryWithRestarts_equalsModel() throws {
        for (seed, policy) in zip(11..., SyncPolicy.allCases) {
            let folder = try TemporaryFolder()
            let open = {
                try DiskStore(path: folder.file("db"), policy: policy, tuning: .tiny, wake: {})
            }
            try run(seed: UInt64(seed), steps: 1_500, try open()) { store in
                (store as? DiskStore)?.close()
                return try open()
            }
        }
    }

    func test_diskWithLittleMemory_randomHistoryWithRestarts_equalsModel() throws {
        for seed in 31...34 {
            let folder = try TemporaryFolder()
            let open = {
                try DiskStore(path: folder.file("db"), policy: .never, tuning: .tinyMemory, wake: {})
            }
            try run(seed: UInt64(seed), steps: 1_500, try open()) { store in
                (store as? DiskStore)?.close()
                return try open()
            }
        }
    }
}
