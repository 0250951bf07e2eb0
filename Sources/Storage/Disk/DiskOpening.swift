import Cluster
import Protocol

/// A start: opens RocksDB, fills the table from it, and does the rest of the log again.
struct DiskOpening {
    let database: RocksDatabase
    let log: Log
    let table = Table()
    /// The last batch of the log.
    let last: UInt64
    /// The last batch that all of home has; the rest is in the table, and home gets it from the log.
    let home: UInt64
    private(set) var redo: LogRedo

    init(path: String, mustExist: Bool, policy: SyncPolicy, tuning: DiskTuning) throws(StoreError) {
        do throws(FileSystem.Failure) {
            try FileSystem.makeFolder(path)
        } catch {
            throw StorageFailure.system(error).error(log: path, database: path)
        }
        database = try RocksDatabase.open(at: "\(path)/db", mustExist: mustExist, tuning: tuning.rocks)
        do throws(StoreError) {
            let format = try database.checkFormat()
            let (least, greatest) = try Home.positions(of: database)
            home = least
            redo = LogRedo(table, latestVersions: try Self.fill(table, from: database, batch: least, tuning))
            let folder = "\(path)/log"
            let recovery = LogRecovery(
                folder: folder, mustExist: mustExist && format >= DiskStore.formatOfFirstLog, home: least, homeMax: greatest)
            do throws(StorageFailure) {
                (log, last) = try Self.recover(recovery, &redo, policy, tuning)
            } catch {
                throw error.error(log: folder, database: database.path)
            }
            if format < DiskStore.format {
                do throws(RocksError) { try database.markFormat() } catch { throw .cannotOpen(error, at: database.path) }
            }
        } catch {
            database.close()
            throw error
        }
    }

    private static func recover(
        _ recovery: LogRecovery, _ redo: inout LogRedo, _ policy: SyncPolicy, _ tuning: DiskTuning
    ) throws(StorageFailure) -> (Log, UInt64) {
        do throws(FileSystem.Failure) { try FileSystem.makeFolder(recovery.folder) } catch { throw .system(error) }
        let found = try recovery.run { sequence, bytes, range throws(StorageFailure) in
            try redo.redo(sequence, bytes, range)
        }
        do throws(FileSystem.Failure) {
            // What is there counts as synced from now on, and home gets it.
            for first in found.firsts { try FileSystem.syncFile("\(recovery.folder)/\(LogSegment.name(first: first))") }
            let log = try Log(
                folder: recovery.folder, last: found.last, firsts: found.firsts, isWrittenBySync: policy == .always,
                tuning: tuning)
            return (log, found.last)
        } catch {
            throw .system(error)
        }
    }

    /// Takes what there is room for, and what expires.
    /// - Returns: the highest version of the entries of each slot.
    private static func fill(
        _ table: Table, from database: RocksDatabase, batch: UInt64, _ tuning: DiskTuning
    ) throws(StoreError) -> [Version] {
        var latest = [Version](repeating: .zero, count: Slot.count)
        // Leaving begins where it is full.
        let roomBytes = tuning.memoryBytesMax / 8 * 7
        let records = ReadAhead(database, .data, to: StorageKey.position)
        try records.forEach { rawKey, record throws(StoreError) in
            guard let slot = StorageKey.slot(of: rawKey) else {
                throw StorageRecord.damaged("an entry under an unknown key", in: database.path)
            }
            guard StorageKey.isEntry(rawKey) else { return }
            let key = UnsafeRawBufferPointer(rebasing: rawKey.dropFirst(StorageKey.dataPrefixBytes))
            guard key.count <= Limits.keyBytesMax, let view = EntryView(key: key, record: record) else {
                throw StorageRecord.damaged("an entry of slot \(slot)", in: database.path)
            }
            latest[slot.index] = max(latest[slot.index], view.version)
            if table.bytes < roomBytes || view.expiry != nil {
                table.put(view, in: slot, batch: batch)
            } else {
                table.setPartial(slot)
            }
        }
        return latest
    }
}
