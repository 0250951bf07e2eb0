import Cluster
import Protocol

/// The store of `-storage rocksdb`: one database with the column families data, log and meta
/// (docs/storage.md).
///
/// Changes gather in memory. `commit` writes them on the loop thread, without a sync, as one batch of
/// RocksDB; the storage thread syncs once for all batches that wait, and calls `wake`.
package final class RocksStore: Store {
    /// What this version writes; it reads this and what came before.
    static let format: UInt32 = 3

    /// A slot with at most this many records is removed record by record: RocksDB reads slow down with many
    /// range deletes, and a node that drops slots drops thousands.
    static let recordsRemovedSinglyMax = 256

    let path: String
    private var database: RocksDatabase?
    var batch = OpenBatch()
    private let thread: SyncThread
    private let tidier: Tidier
    private let wake: @Sendable () -> Void

    package let isPersistent = true

    /// The store of a node's data folder.
    /// - Parameter wake: called when `durable` has grown later than in `commit`, and when `failure` is set;
    ///   mostly on another thread, and never after `close`.
    package convenience init(
        in folder: DataFolder, policy: SyncPolicy, wake: @escaping @Sendable () -> Void
    ) throws(StoreError) {
        try self.init(
            path: folder.databasePath, mustExist: folder.ring != nil, policy: policy,
            tuning: RocksTuning(), wake: wake)
    }

    /// - Parameter mustExist: whether a missing database is an error, for it was there before.
    init(
        path: String, mustExist: Bool = false, policy: SyncPolicy, tuning: RocksTuning,
        wake: @escaping @Sendable () -> Void
    ) throws(StoreError) {
        let database = try RocksDatabase.open(at: path, mustExist: mustExist, tuning: tuning)
        let thread = SyncThread(
            policy: policy,
            sync: {
                do throws(RocksError) {
                    try database.sync()
                    return nil
                } catch {
                    return .cannotWrite(error, in: path)
                }
            }, wake: wake)
        do throws(StoreError) {
            try database.checkFormat(in: path)
            if let error = thread.start() { throw error }
        } catch {
            database.close()
            throw error
        }
        self.path = path
        self.database = database
        self.thread = thread
        // What fails there fails the next write as well, which says so.
        tidier = Tidier(tuning.tidying) { (try? database.tidy(removals: $0)) ?? true }
        tidier.start()
        self.wake = wake
    }

    deinit { close() }

    /// Syncs what is committed, whatever the policy says, and closes the database; `failure` tells whether
    /// that went well. An open batch is dropped. Nothing can be read or made durable afterwards.
    package func close() {
        guard let database else { return }
        database.stopTidying()
        tidier.stop()
        thread.stop()
        self.database = nil
        database.close()
    }

    package var durable: Ticket { thread.durable }
    package var failure: StoreError? { thread.failure }

    /// After a failure nothing is written; the changes stay in memory, so that reads still see them.
    package func commit(mustSync: Bool) -> Ticket {
        guard let database, thread.failure == nil else {
            return thread.close(hasChanges: true, mustSync: true)
        }
        let hasChanges = !batch.isEmpty
        if hasChanges {
            do throws(RocksError) {
                try database.write(batch.changes)
                tidier.note(removals: batch.removals)
                batch.removeAll()
            } catch {
                thread.fail(.cannotWrite(error, in: path))
                wake()
            }
        }
        return thread.close(hasChanges: hasChanges, mustSync: mustSync)
    }

    func opened() throws(StoreError) -> RocksDatabase {
        guard let database else { throw StoreError("the store in \(path) is closed") }
        return database
    }
}
