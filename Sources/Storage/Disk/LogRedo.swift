import Cluster
import Protocol

/// The rest of the log at a start: what home has not got is done again, to the table as it was done to it before. So a
/// start takes no longer because RocksDB was behind; home gets the rest from the thread that writes back, as ever.
///
/// What is no entry, log and meta records, is kept here until the node has taken it up.
struct LogRedo {
    private let table: Table
    /// The highest version of an entry by slot, as far as it is not told by a later record of the slot.
    private(set) var latestVersions: [Version]
    /// Of the families but `data`: what is under the key; nil: nothing.
    private var records: [RocksFamily: [[UInt8]: [UInt8]?]] = [.log: [:], .meta: [:]]
    /// Slots of which home's log records do not count.
    private var cleared: Set<Slot> = []
    /// What was done again, in bytes of the log.
    private(set) var bytes = 0

    /// - Parameters:
    ///   - table: with what home has.
    ///   - latestVersions: of that.
    init(_ table: Table, latestVersions: [Version]) {
        self.table = table
        self.latestVersions = latestVersions
    }

    mutating func redo(_ sequence: UInt64, _ frame: [UInt8], _ range: Range<Int>) throws(StorageFailure) {
        bytes += LogFrame.headBytes + range.count
        try LogChange.forEach(in: frame, range) { change throws(StorageFailure) in
            switch change {
            case .put(.data, let key, let record): try put(key, record, sequence)
            case .delete(.data, let key): try delete(key, sequence)
            case .put(let family, let key, let value): records[family]?[Array(key)] = .some(Array(value))
            case .delete(let family, let key): records[family]?[Array(key)] = .some(nil)
            case .putAll(let slot, let run):
                run.forEach { note($0.version, slot) }
                table.putAll(run, in: slot, batch: sequence)
            case .clear(let slot): clear(slot, sequence)
            }
        }
    }

    private mutating func put(
        _ key: UnsafeRawBufferPointer, _ record: UnsafeRawBufferPointer, _ sequence: UInt64
    ) throws(StorageFailure) {
        guard let slot = StorageKey.slot(of: key) else { throw .undecodable(.invalid("key")) }
        guard StorageKey.isEntry(key) else { return }
        let name = UnsafeRawBufferPointer(rebasing: key.dropFirst(StorageKey.dataPrefixBytes))
        guard let view = EntryView(key: name, record: record) else { throw .undecodable(.invalid("entry")) }
        table.put(view, in: slot, batch: sequence)
        note(view.version, slot)
    }

    private mutating func note(_ version: Version, _ slot: Slot) {
        latestVersions[slot.index] = max(latestVersions[slot.index], version)
    }

    private func delete(_ key: UnsafeRawBufferPointer, _ sequence: UInt64) throws(StorageFailure) {
        guard let slot = StorageKey.slot(of: key) else { throw .undecodable(.invalid("key")) }
        guard StorageKey.isEntry(key) else { return }
        table.remove(key: Array(key.dropFirst(StorageKey.dataPrefixBytes)), in: slot, batch: sequence)
    }

    private mutating func clear(_ slot: Slot, _ sequence: UInt64) {
        table.removeAll(in: slot, batch: sequence)
        latestVersions[slot.index] = .zero
        cleared.insert(slot)
        records[.log] = records[.log]?.filter { StorageKey.slot(of: $0.key) != slot }
    }

    // MARK: What it leaves

    /// All records of a family, in key order: what `home` has, but for what was done since.
    func forEach(
        _ family: RocksFamily, over home: RocksDatabase, _ each: ([UInt8], [UInt8]) throws(StoreError) -> Void
    ) throws(StoreError) {
        let news = records[family] ?? [:]
        var rest = news.compactMap { item in item.value.map { (key: item.key, value: $0) } }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }[...]
        try home.forEach(family, to: StorageKey.position) { record throws(StoreError) in
            let key = record.key
            while let next = rest.first, next.key.lexicographicallyPrecedes(key) {
                rest.removeFirst()
                try each(next.key, next.value)
            }
            if news[key] != nil || family == .log && StorageKey.slot(of: key).map(cleared.contains) == true { return }
            try each(key, record.value)
        }
        for next in rest { try each(next.key, next.value) }
    }
}
