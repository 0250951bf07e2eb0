import CRocksDB
import Glibc
import Protocol

/// RocksDB's C interface in Swift's terms; every unsafe pointer to it is in this folder.
///
/// The handle may be used from any thread; the batch buffer makes `write` one thread's, the one that writes back.
final class RocksDatabase: @unchecked Sendable {
    let path: String
    let database: OpaquePointer
    private let families: [OpaquePointer?]
    private let writeOptions: OpaquePointer?
    private let unloggedOptions: OpaquePointer?
    private let readOptions: OpaquePointer?
    private let batch: RocksBatch

    /// The names of the column families of the database at `path`.
    static func familyNames(at path: String) throws(RocksError) -> [String] {
        try RocksError.checkLibrary()
        let options = rocksdb_options_create()
        defer { rocksdb_options_destroy(options) }
        var count = 0
        let list = try RocksError.check { rocksdb_list_column_families(options, path, &count, $0) }
        defer { rocksdb_list_column_families_destroy(list, count) }
        guard let list else { return [] }
        return (0..<count).compactMap { list[$0].map { String(cString: $0) } }
    }

    /// Flushes and compactions come behind the threads that clients wait for, in the whole process.
    private static func lowerBackgroundPriority() {
        guard let environment = rocksdb_create_default_env() else { return }
        rocksdb_env_lower_thread_pool_cpu_priority(environment)
        rocksdb_env_lower_high_priority_thread_pool_cpu_priority(environment)
        rocksdb_env_destroy(environment)
    }

    /// Opens the database at `path`, or creates it.
    init(path: String, tuning: RocksTuning) throws(RocksError) {
        try RocksError.checkLibrary()
        Self.lowerBackgroundPriority()
        let options = try tuning.makeOptions()
        defer { rocksdb_options_destroy(options) }
        let names = RocksFamily.allCases.map { strdup($0.name) }
        defer { names.forEach { free($0) } }
        let namePointers = names.map { UnsafePointer<CChar>($0) }
        let familyOptions = RocksFamily.allCases.map { _ in options }
        var handles = [OpaquePointer?](repeating: nil, count: names.count)
        let opened = try RocksError.check {
            rocksdb_open_column_families(
                options, path, Int32(names.count), namePointers, familyOptions, &handles, $0)
        }
        guard let opened else { throw RocksError(text: "RocksDB gave no database") }
        self.path = path
        database = opened
        families = handles
        writeOptions = rocksdb_writeoptions_create()
        unloggedOptions = rocksdb_writeoptions_create()
        readOptions = rocksdb_readoptions_create()
        batch = RocksBatch(families: handles)
        rocksdb_writeoptions_disable_WAL(unloggedOptions, 1)
    }

    /// The database must not be used any more by any thread.
    func close() {
        rocksdb_readoptions_destroy(readOptions)
        rocksdb_writeoptions_destroy(writeOptions)
        rocksdb_writeoptions_destroy(unloggedOptions)
        families.forEach { rocksdb_column_family_handle_destroy($0) }
        rocksdb_close(database)
    }

    func get(_ family: RocksFamily, key: [UInt8]) throws(RocksError) -> [UInt8]? {
        let slice = try RocksError.check { error in
            key.withChars { rocksdb_get_pinned_cf(database, readOptions, handle(family), $0, $1, error) }
        }
        guard let slice else { return nil }
        defer { rocksdb_pinnableslice_destroy(slice) }
        var count = 0
        return Self.bytes(rocksdb_pinnableslice_value(slice, &count), count)
    }

    /// The record at which a scan is: valid only within the call that it is given to. What is not asked for
    /// is not copied.
    struct Record {
        fileprivate let iterator: OpaquePointer?

        var key: [UInt8] {
            var count = 0
            return bytes(rocksdb_iter_key(iterator, &count), count)
        }

        var value: [UInt8] {
            var count = 0
            return bytes(rocksdb_iter_value(iterator, &count), count)
        }

        /// Where key and value lie; valid only until the scan goes on.
        var rawKey: UnsafeRawBufferPointer {
            var count = 0
            return UnsafeRawBufferPointer(start: rocksdb_iter_key(iterator, &count), count: count)
        }

        var rawValue: UnsafeRawBufferPointer {
            var count = 0
            return UnsafeRawBufferPointer(start: rocksdb_iter_value(iterator, &count), count: count)
        }
    }

    /// Calls `each` with the records from `from` to before `to` in key order, until it returns false. What it
    /// reads does not drive out of the cache what clients read.
    func scan(
        _ family: RocksFamily, from: [UInt8], to: [UInt8]?,
        _ each: (Record) -> Bool
    ) throws(RocksError) {
        try RocksError.check { error in
            // The bound's bytes must outlive the iterator.
            (to ?? []).withChars { bound, boundCount in
                let options = rocksdb_readoptions_create()
                rocksdb_readoptions_set_fill_cache(options, 0)
                if to != nil { rocksdb_readoptions_set_iterate_upper_bound(options, bound, boundCount) }
                let iterator = rocksdb_create_iterator_cf(database, options, handle(family))
                from.withChars { rocksdb_iter_seek(iterator, $0, $1) }
                while rocksdb_iter_valid(iterator) != 0, each(Record(iterator: iterator)) {
                    rocksdb_iter_next(iterator)
                }
                rocksdb_iter_get_error(iterator, error)
                rocksdb_iter_destroy(iterator)
                rocksdb_readoptions_destroy(options)
            }
        }
    }

    /// Writes the changes as one to RocksDB's tables in memory; syncs nothing.
    /// - Parameter logged: to its log too.
    func write(_ changes: [RocksChange], logged: Bool = true) throws(RocksError) {
        try write(logged: logged) { batch in changes.forEach { batch.add($0) } }
    }

    /// Writes what `fill` puts into the batch.
    func write(logged: Bool, _ fill: (RocksBatch) -> Void) throws(RocksError) {
        defer { batch.removeAll() }
        fill(batch)
        try RocksError.check { rocksdb_write(database, logged ? writeOptions : unloggedOptions, batch.pointer, $0) }
    }

    /// Syncs what was written before and logged.
    func sync() throws(RocksError) {
        try RocksError.check { rocksdb_flush_wal(database, 1, $0) }
    }

    func handle(_ family: RocksFamily) -> OpaquePointer? { families[family.rawValue] }

    fileprivate static func bytes(_ start: UnsafePointer<CChar>?, _ count: Int) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }
}

extension [UInt8] {
    fileprivate func withChars<Result>(_ body: (UnsafePointer<CChar>?, Int) -> Result) -> Result {
        withUnsafeBytes { body($0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count) }
    }
}
