import Cluster
import Protocol

/// A start: opens RocksDB, brings the rest of the log to it, and fills the table from it.
struct DiskOpening {
    let database: RocksDatabase
    let log: Log
    let table = Table()
    /// The last batch of the log.
    let last: UInt64
    /// By slot, of its entries.
    private(set) var latestVersions = [Version](repeating: .zero, count: Slot.count)

    init(path: String, mustExist: Bool, tuning: DiskTuning) throws(StoreError) {
        do throws(FileSystem.Failure) {
            try FileSystem.makeFolder(path)
        } catch {
            throw StorageFailure.system(error).error(log: path, database: path)
        }
        database = try RocksDatabase.open(at: "\(path)/db", mustExist: mustExist, tuning: tuning.rocks)
        do throws(StoreError) {
            let isOlder = try database.checkFormat()
            (log, last) = try Self.recover("\(path)/log", mustExist: mustExist && !isOlder, database, tuning)
            if isOlder {
                do throws(RocksError) { try database.markFormat() } catch { throw .cannotOpen(error, at: database.path) }
            }
        } catch {
            database.close()
            throw error
        }
        do throws(StoreError) {
            try fill(bytesMax: tuning.memoryBytesMax)
        } catch {
            log.close()
            database.close()
            throw error
        }
    }

    private static func recover(
        _ folder: String, mustExist: Bool, _ database: RocksDatabase, _ tuning: DiskTuning
    ) throws(StoreError) -> (Log, UInt64) {
        let (least, greatest) = try Home.positions(of: database)
        do throws(StorageFailure) {
            do throws(FileSystem.Failure) { try FileSystem.makeFolder(folder) } catch { throw .system(error) }
            var home = Home(database, behind: least, isReplay: true, tuning: tuning)
            let recovery = LogRecovery(folder: folder, mustExist: mustExist, home: least, homeMax: greatest)
            let found = try recovery.run { sequence, bytes, range throws(StorageFailure) in
                if try home.take(sequence, bytes, range) { tuning.onStep?(.writtenBack) }
            }
            try home.write()
            do throws(FileSystem.Failure) {
                return (try Log(folder: folder, last: found.last, firsts: found.firsts, tuning: tuning), found.last)
            } catch {
                throw .system(error)
            }
        } catch {
            throw error.error(log: folder, database: database.path)
        }
    }

    /// Takes what there is room for, and what expires.
    private mutating func fill(bytesMax: Int) throws(StoreError) {
        // Leaving begins where it is full.
        let roomBytes = bytesMax / 8 * 7
        var latest = latestVersions
        defer { latestVersions = latest }
        try database.forEach(.data, to: StorageKey.position) { record throws(StoreError) in
            guard let slot = StorageKey.slot(of: record.rawKey) else {
                throw StorageRecord.damaged("an entry under an unknown key", in: database.path)
            }
            guard StorageKey.isEntry(record.rawKey) else { return }
            let key = UnsafeRawBufferPointer(rebasing: record.rawKey.dropFirst(StorageKey.dataPrefixBytes))
            guard key.count <= Limits.keyBytesMax, let view = EntryView(key: key, record: record.rawValue) else {
                throw StorageRecord.damaged("an entry of slot \(slot)", in: database.path)
            }
            latest[slot.index] = max(latest[slot.index], view.version)
            if table.bytes < roomBytes || view.expiry != nil {
                table.put(view, in: slot, batch: last)
            } else {
                table.setPartial(slot)
            }
        }
    }
}
