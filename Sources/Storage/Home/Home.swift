import Cluster
import Protocol

/// RocksDB as the home of what the log has: batches of it in order, and with them how far that is.
///
/// RocksDB's own log is off. Each family has a record of the last batch that it has whole, written together with that
/// batch: after a crash each is at some batch, perhaps another one than its neighbour, and may have parts of later ones.
/// Every change says what is there afterwards, whatever was before: so replaying from the earliest of these batches on
/// makes all of it right.
///
/// Invariant: what is written here is synced in the log before.
struct Home {
    private static let families: [RocksFamily] = [.data, .log, .meta]
    /// Keys of a slot that is removed, at a time: it may have more than there is room for.
    static let keysReadMax = 1_000

    let database: RocksDatabase
    private let batchBytes: Int
    /// RocksDB may have parts of the batches up to here.
    private let replayTo: UInt64
    private let noteRemovals: (Int) -> Void
    private var batch: HomeBatch
    /// The last batch of the log that is put together or written.
    private var taken: UInt64
    /// The last one that is written.
    private(set) var last: UInt64

    init(
        _ database: RocksDatabase, behind last: UInt64, replayTo: UInt64, tuning: DiskTuning,
        noteRemovals: @escaping (Int) -> Void = { _ in }
    ) {
        self.database = database
        self.last = last
        taken = last
        batchBytes = tuning.homeBatchBytes
        self.replayTo = replayTo
        batch = HomeBatch(isReplay: last < replayTo)
        self.noteRemovals = noteRemovals
    }

    /// Up to which batch the families are: the least and the greatest.
    static func positions(of database: RocksDatabase) throws(StoreError) -> (least: UInt64, greatest: UInt64) {
        var all: [UInt64] = []
        for family in families {
            let bytes: [UInt8]?
            do throws(RocksError) {
                bytes = try database.get(family, key: StorageKey.position)
            } catch {
                throw .cannotRead(error, in: database.path)
            }
            guard let bytes else {
                all.append(0)
                continue
            }
            var reader = ByteReader(bytes)
            guard let number = try? reader.readUInt64() else {
                throw StorageRecord.damaged("how far the \(family.name) are", in: database.path)
            }
            all.append(number)
        }
        return (all.min() ?? 0, all.max() ?? 0)
    }

    /// The next batch of the log. Returns whether something was written.
    mutating func take(_ sequence: UInt64, _ bytes: [UInt8], _ range: Range<Int>) throws(StorageFailure) -> Bool {
        var isWritten = false
        try LogChange.forEach(in: bytes, range) { change throws(StorageFailure) in
            guard case .clear(let slot) = change else { return batch.take(change) }
            if try clear(slot) { isWritten = true }
        }
        taken = sequence
        guard batch.bytes >= batchBytes else { return isWritten }
        try write()
        return true
    }

    /// Deletes what RocksDB has of the slot, record by record. Returns whether something was written: in part, for which the
    /// position does not count.
    private mutating func clear(_ slot: Slot) throws(StorageFailure) -> Bool {
        var isWritten = batch.touches(slot)
        if isWritten { try write() }
        let (start, end) = StorageKey.range(of: slot)
        for family in [RocksFamily.data, .log] {
            var from = start
            while true {
                let keys: [[UInt8]]
                do throws(RocksError) {
                    keys = try database.keys(family, from: from, to: end, countMax: Self.keysReadMax)
                } catch {
                    throw .rocks(error)
                }
                for key in keys { key.withUnsafeBytes { batch.take(.delete(family, key: $0)) } }
                if batch.bytes >= batchBytes {
                    try write()
                    isWritten = true
                }
                guard keys.count == Self.keysReadMax, let last = keys.last else { break }
                from = last + [0]
            }
        }
        return isWritten
    }

    /// Writes what is put together.
    mutating func write() throws(StorageFailure) {
        guard !batch.isEmpty || taken > last else { return }
        var removals = 0
        do throws(RocksError) {
            try database.write(logged: false) { records in
                batch.forEach { family, key, value in
                    if value == nil { removals += 1 }
                    records.add(family, key, value)
                }
                addPosition(to: records)
            }
        } catch {
            throw .rocks(error)
        }
        last = taken
        batch.removeAll(isReplay: last < replayTo)
        noteRemovals(removals)
    }

    private func addPosition(to records: RocksBatch) {
        var writer = ByteWriter()
        writer.write(taken)
        for family in Self.families { records.add(.put(family, key: StorageKey.position, value: writer.bytes)) }
    }

    /// What is written is on the disk when this returns.
    func flush() throws(StorageFailure) {
        do throws(RocksError) { try database.flush() } catch { throw .rocks(error) }
    }
}
