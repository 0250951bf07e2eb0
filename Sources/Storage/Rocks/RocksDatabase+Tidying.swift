import CRocksDB

extension RocksDatabase {
    /// Merging reads and writes all that is there, so it must be worth it: one record of so many is gone.
    private static let mergedPerRemoval: UInt64 = 16
    /// What is remembered beside the data is merged too, unless there is more than this of it.
    private static let metaBytesMax: UInt64 = 256 << 20

    /// Has what deletes left behind merged away, down to the last level: may be called on any thread, and takes its
    /// time.
    /// - Parameter removals: how many records were deleted since this was done last.
    /// - Returns: whether that was enough.
    func tidy(removals: Int) throws(RocksError) -> Bool {
        let (least, overflow) = UInt64(removals).multipliedReportingOverflow(by: Self.mergedPerRemoval)
        guard overflow || least >= number("rocksdb.estimate-num-keys", of: .data) else { return false }
        try flush()
        mergeAll(.data)
        // Bounded by the backlog.
        mergeAll(.log)
        if number("rocksdb.total-sst-files-size", of: .meta) <= Self.metaBytesMax { mergeAll(.meta) }
        return true
    }

    /// Ends what `tidy` is at, and lets it begin nothing more.
    func stopTidying() { rocksdb_disable_manual_compaction(database) }

    private func number(_ property: String, of family: RocksFamily) -> UInt64 {
        var value: UInt64 = 0
        _ = rocksdb_property_int_cf(database, handle(family), property, &value)
        return value
    }

    /// Writes all that is in memory only to table files, which are synced. One family after another: each has its own
    /// record of how far it is (`Home`).
    func flush() throws(RocksError) {
        let options = rocksdb_flushoptions_create()
        defer { rocksdb_flushoptions_destroy(options) }
        rocksdb_flushoptions_set_wait(options, 1)
        for family in RocksFamily.allCases {
            try RocksError.check { rocksdb_flush_cf(database, options, handle(family), $0) }
        }
    }

    /// Merges all table files of `family`, those of the last level too: deletes get there as well, when nothing lies
    /// below them.
    private func mergeAll(_ family: RocksFamily) {
        let force: UInt8 = 2
        let options = rocksdb_compactoptions_create()
        defer { rocksdb_compactoptions_destroy(options) }
        rocksdb_compactoptions_set_exclusive_manual_compaction(options, 0)
        rocksdb_compactoptions_set_bottommost_level_compaction(options, force)
        rocksdb_compact_range_cf_opt(database, handle(family), options, nil, 0, nil, 0)
    }
}
