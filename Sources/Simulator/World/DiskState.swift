import Cluster
import Protocol

/// What is on a disk, or would be once everything is synced.
struct DiskState {
    enum Change {
        case put(Slot, [UInt8], Entry)
        case remove(Slot, [UInt8])
        case append(Slot, LogEntry)
        case removeLogEntry(Slot, Version)
        case removeAll(Slot)
        case setMeta(MetaKey, [UInt8]?)
    }

    private(set) var tables: [Slot: [[UInt8]: Entry]] = [:]
    private(set) var logs: [Slot: [Version: LogEntry]] = [:]
    private(set) var meta: [MetaKey: [UInt8]] = [:]
    private var logEnds: [Slot: Version] = [:]
    /// Slots of which something changed since they were last looked at.
    private(set) var touched: Set<Slot> = []

    mutating func apply(_ change: Change) {
        switch change {
        case .put(let slot, let key, let entry):
            tables[slot, default: [:]][key] = entry
            touched.insert(slot)
        case .remove(let slot, let key):
            tables[slot]?[key] = nil
            touched.insert(slot)
        case .append(let slot, let entry):
            logs[slot, default: [:]][entry.version] = entry
            logEnds[slot] = max(logEnds[slot] ?? .zero, entry.version)
            touched.insert(slot)
        case .removeLogEntry(let slot, let version):
            logs[slot]?[version] = nil
            if logEnds[slot] == version { logEnds[slot] = logs[slot]?.keys.max() }
            touched.insert(slot)
        case .removeAll(let slot):
            tables[slot] = nil
            logs[slot] = nil
            logEnds[slot] = nil
            touched.insert(slot)
        case .setMeta(let key, let value):
            meta[key] = value
            if let slot = key.slot { touched.insert(slot) }
        }
    }

    mutating func takeTouched() -> Set<Slot> {
        defer { touched.removeAll(keepingCapacity: true) }
        return touched
    }

    /// The last version in the log; zero: there is none.
    func logEnd(of slot: Slot) -> Version { logEnds[slot] ?? .zero }

    func log(of slot: Slot) -> [LogEntry] {
        (logs[slot] ?? [:]).values.sorted { $0.version < $1.version }
    }

    /// In one order on every machine.
    var sortedMeta: [(key: MetaKey, value: [UInt8])] {
        meta.map { (key: $0.key, value: $0.value) }.sorted { $0.key.order < $1.key.order }
    }
}

extension MetaKey {
    var slot: Slot? {
        switch self {
        case .slot(let slot), .progress(let slot), .request(let slot, _): slot
        case .ring: nil
        }
    }

    fileprivate var order: (Int, Slot, Version) {
        switch self {
        case .ring: (0, Slot(key: []), .zero)
        case .slot(let slot): (1, slot, .zero)
        case .progress(let slot): (2, slot, .zero)
        case .request(let slot, let version): (3, slot, version)
        }
    }
}
