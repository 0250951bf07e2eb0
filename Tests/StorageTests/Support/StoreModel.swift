import Cluster
import Protocol
import XCTest

/// What a store must show, said as simply as possible.
struct StoreModel {
    var tables: [Slot: [[UInt8]: Entry]] = [:]
    var logs: [Slot: [Version: LogEntry]] = [:]
    var meta: [MetaKey: [UInt8]] = [:]

    enum Step {
        case put(Entry, key: [UInt8], Slot)
        case putAll(EntryRun, Slot)
        case remove(key: [UInt8], Slot)
        case append(LogEntry, Slot)
        case removeLogEntry(Version, Slot)
        case removeAll(Slot)
        case setMeta(MetaKey, [UInt8]?)
    }

    mutating func apply(_ step: Step) {
        switch step {
        case .put(let entry, let key, let slot): tables[slot, default: [:]][key] = entry
        case .putAll(let run, let slot):
            for item in run.entries { tables[slot, default: [:]][item.key] = item.entry }
        case .remove(let key, let slot): tables[slot]?[key] = nil
        case .append(let entry, let slot): logs[slot, default: [:]][entry.version] = entry
        case .removeLogEntry(let version, let slot): logs[slot]?[version] = nil
        case .removeAll(let slot): (tables[slot], logs[slot]) = (nil, nil)
        case .setMeta(let key, let value): meta[key] = value
        }
    }

    /// Checks that `store`, just opened, shows exactly this.
    func checkAll(
        _ store: any Store, slots: [Slot], bytesMax: Int, _ note: String,
        file: StaticString = #filePath, line: UInt = #line
    ) throws {
        XCTAssertEqual(try store.metaValues(), meta, "meta, \(note)", file: file, line: line)
        let wanted = logs.mapValues { $0.values.sorted { $0.version < $1.version } }.filter { !$0.value.isEmpty }
        XCTAssertEqual(try store.logs(), wanted, "logs, \(note)", file: file, line: line)
        try check(store, slots: slots, bytesMax: bytesMax, note, file: file, line: line)
    }

    /// Checks that `store` shows exactly these entries.
    func check(
        _ store: any Store, slots: [Slot], bytesMax: Int, _ note: String,
        file: StaticString = #filePath, line: UInt = #line
    ) throws {
        for slot in slots {
            let run = try store.run(of: slot, after: nil, bytesMax: bytesMax)
            let found = try store.entries(of: slot, bytesMax: bytesMax)
            let wanted = (tables[slot] ?? [:]).sorted { $0.key.lexicographicallyPrecedes($1.key) }
            XCTAssertEqual(
                run.entries.entries, wanted.prefix(run.entries.count).map { KeyedEntry(key: $0.key, entry: $0.value) },
                "run of \(slot), \(note)", file: file, line: line)
            XCTAssertEqual(run.isLast, run.entries.count == wanted.count, "run of \(slot), \(note)", file: file, line: line)
            XCTAssertEqual(
                found.map(\.key), wanted.map(\.key), "keys of \(slot), \(note)", file: file, line: line)
            XCTAssertEqual(
                found.map(\.entry), wanted.map(\.value), "entries of \(slot), \(note)", file: file, line: line)
        }
    }
}

extension Store {
    func apply(_ step: StoreModel.Step) {
        switch step {
        case .put(let entry, let key, let slot): put(entry, key: key, in: slot)
        case .putAll(let run, let slot): putAll(run, in: slot)
        case .remove(let key, let slot): remove(key: key, in: slot)
        case .append(let entry, let slot): append(entry, to: slot)
        case .removeLogEntry(let version, let slot): removeLogEntry(version, of: slot)
        case .removeAll(let slot): removeAll(in: slot)
        case .setMeta(let key, let value): setMeta(key, to: value)
        }
    }
}

extension Store {
    /// - Returns: what it shows; nil: it wants to be asked otherwise.
    func look(in slot: Slot, key: [UInt8]) -> (entry: Entry?, Void)? {
        var found: Entry?
        let isShown = key.withUnsafeBytes { look(in: slot, at: $0) { found = $0?.entry } }
        return isShown ? (found, ()) : nil
    }

    /// - Parameter entry: without expiry.
    /// - Returns: what was shown; nil: it was not put.
    func exchange(_ entry: Entry, key: [UInt8], in slot: Slot) -> (before: Entry?, after: Entry?)? {
        var shown: (before: Entry?, after: Entry?)
        let isPut = key.withUnsafeBytes { key in
            entry.value.withUnsafeBytes { value in
                exchange(
                    PlainEntry(value: value, version: entry.version, timestamp: entry.timestamp), key: key, in: slot,
                    before: { shown.before = $0.entry }, after: { shown.after = $0.entry })
            }
        }
        return isPut ? shown : nil
    }
}
