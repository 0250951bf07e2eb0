import Cluster
import Protocol

/// The store of `-storage rocksdb` (docs/storage.md), three layers deep: a table in memory answers, a log makes
/// durable, and RocksDB is where the data lives.
///
/// A change goes into the table at once and into the open batch. `commit` appends the batch to the log on the loop
/// thread, without a sync; the sync thread syncs once for all batches that wait (with `always` it writes them, too), and
/// calls `wake`; the write-back thread brings the log to RocksDB. At a start the table gets what RocksDB has, and the rest of
/// the log.
///
/// Where the table has all of a slot no read asks the disk, for what is not there either. Beyond `memoryBytesMax` entries
/// leave the table that are at home and were not looked at lately; a look-up of one asks home, on the loop thread.
/// Invariant: of each key the table has what was last done to it, or home has that, and then the table has nothing of it
/// or the same; in a slot of which anything has left, a removal stays in the table until home knows it.
package final class DiskStore: Store {
    /// Of the database: what this version writes. Format 3 had no log beside it, format 4 no digests of large values; both are
    /// read as they are.
    static let format: UInt32 = 5
    static let formatOfFirstLog: UInt32 = 4
    static let oldestFormat: UInt32 = 3

    /// Buckets that are looked at for what may leave the table with each batch.
    private static let bucketsPerBatch = 2_048

    let path: String
    let database: RocksDatabase
    let table: Table
    var batch = LogBatch()
    /// The number of the open batch.
    private(set) var sequence: UInt64
    let memoryBytesMax: Int
    private let log: Log
    private let thread: SyncThread
    private let writeBack: WriteBack
    private let tidier: Tidier
    private let wake: @Sendable () -> Void
    private(set) var isOpen = true
    /// What the start found in the log; nil once something has changed.
    private(set) var redone: LogRedo?

    package let isPersistent = true
    private let policy: SyncPolicy
    /// Bytes that have come to the log.
    private var logBytes = 0
    /// RocksDB was too far behind them when the latest batch came: that is durable, and answered, when it has caught up a
    /// little. So clients wait, and the loop does not.
    private var isCrowded = false

    /// A batch is in the system's hands once it is appended: the end of the process does not take it away any more. Not with
    /// `always`, nor is it durable with that where RocksDB is too far behind.
    package var logBypass: LogBypass { policy == .always || isCrowded ? .whileAlone : .always }

    /// The store of a node's data folder.
    /// - Parameters:
    ///   - memoryBytesMax: what the table may take; 0: no limit.
    ///   - wake: called when `durable` has grown later than in `commit`, and when `failure` is set; mostly on another
    ///     thread, and never after `close`.
    package convenience init(
        in folder: DataFolder, policy: SyncPolicy, memoryBytesMax: Int = 0,
        wake: @escaping @Sendable () -> Void
    ) throws(StoreError) {
        var tuning = DiskTuning()
        if memoryBytesMax > 0 { tuning.memoryBytesMax = memoryBytesMax }
        try self.init(path: folder.path, mustExist: folder.ring != nil, policy: policy, tuning: tuning, wake: wake)
    }

    /// - Parameters:
    ///   - path: the folder in which `db` and `log` lie.
    ///   - mustExist: whether a missing database is an error, for it was there before.
    init(
        path: String, mustExist: Bool = false, policy: SyncPolicy, tuning: DiskTuning = DiskTuning(),
        wake: @escaping @Sendable () -> Void
    ) throws(StoreError) {
        let opening = try DiskOpening(path: path, mustExist: mustExist, policy: policy, tuning: tuning)
        let (database, log) = (opening.database, opening.log)
        let thread = SyncThread(policy: policy, room: tuning.behindBytesMax, sync: { Self.sync(log) }, wake: wake)
        let tidier = Tidier(tuning.rocks.tidying) { (try? database.tidy(removals: $0)) ?? true }
        let writeBack = WriteBack(log, home: opening.home, last: opening.last, bytes: opening.redo.bytes, tuning: tuning)
        self.path = path
        self.database = database
        self.log = log
        self.thread = thread
        self.tidier = tidier
        self.writeBack = writeBack
        self.wake = wake
        table = opening.table
        redone = opening.redo
        sequence = opening.last + 1
        memoryBytesMax = tuning.memoryBytesMax
        self.policy = policy
        if let error = thread.start() {
            abandon()
            throw error
        }
        let error = writeBack.start(
            database, noteRemovals: { tidier.note(removals: $0) },
            onRead: { thread.makeRoom(to: $0 + tuning.behindBytesMax) },
            onFailure: { failure in
                if thread.fail(failure.error(log: log.folder, database: database.path)) { wake() }
            })
        if let error {
            thread.stop()
            abandon()
            throw error
        }
        tidier.start()
    }

    deinit { close() }

    private func abandon() {
        isOpen = false
        log.close()
        database.close()
    }

    private static func sync(_ log: Log) -> StoreError? {
        do throws(FileSystem.Failure) {
            try log.sync()
            return nil
        } catch {
            return StorageFailure.system(error).error(log: log.folder, database: "")
        }
    }

    /// Syncs what is committed, whatever the policy says, writes it back and closes the files; `failure` tells whether
    /// that went well. An open batch is dropped. Nothing can be read or made durable afterwards.
    package func close() {
        guard isOpen else { return }
        thread.stop()
        database.stopTidying()
        tidier.stop()
        writeBack.stop(isWhole: thread.failure == nil)
        abandon()
    }

    package var durable: Ticket { thread.durable }
    package var failure: StoreError? { thread.failure }

    /// After a failure nothing is written; the changes stay in the table, so that reads still see them.
    package func commit(mustSync: Bool) -> Ticket {
        guard isOpen, thread.failure == nil else {
            batch.removeAll()
            return thread.close(hasChanges: true, mustSync: true).ticket
        }
        let hasChanges = !batch.isEmpty
        if hasChanges {
            do throws(StorageFailure) {
                let bytes = batch.bytes.count
                try log.append(&batch)
                sequence += 1
                logBytes = writeBack.note(bytes: bytes)
            } catch {
                batch.removeAll()
                if thread.fail(error.error(log: log.folder, database: database.path)) { wake() }
            }
            redone = nil
        }
        makeRoom(bucketsMax: Self.bucketsPerBatch)
        let (ticket, isCrowded) = thread.close(hasChanges: hasChanges, mustSync: mustSync, end: logBytes)
        self.isCrowded = isCrowded
        return ticket
    }

    /// Looks at so many buckets of the table for what may leave it, if it takes too much.
    func makeRoom(bucketsMax: Int) {
        if table.bytes > memoryBytesMax { table.evict(bytesMax: memoryBytesMax, home: home, bucketsMax: bucketsMax) }
    }

    /// Home has every batch up to here.
    var home: UInt64 { writeBack.home }

    func checkOpen() throws(StoreError) {
        guard isOpen else { throw StoreError("the store in \(path) is closed") }
    }
}
