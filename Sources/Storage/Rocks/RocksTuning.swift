import CRocksDB

/// How much memory and how many files RocksDB may take.
struct RocksTuning: Sendable {
    /// Writes that are not in table files yet, over all column families.
    var writeBufferBytes = 32 << 20
    /// Blocks, indexes and filters of table files. Entries are read from the table in memory.
    var blockCacheBytes = 16 << 20
    var openFilesMax: Int32 = 256
    /// Records come about in the order of their keys: RocksDB is to look for the place of one from that of the one before,
    /// not from the top. It uses the same hint for ranges to delete, which are in another list: there must be none.
    var hasHint = true
    /// When what deletes left behind is merged away.
    var tidying = Tidier.Patience()

    /// The caller destroys them with `rocksdb_options_destroy`.
    func makeOptions() throws(RocksError) -> OpaquePointer? {
        let defaults = rocksdb_options_create()
        defer { rocksdb_options_destroy(defaults) }
        guard let options = rocksdb_options_create() else { return nil }
        do throws(RocksError) {
            try RocksError.check { rocksdb_get_options_from_string(defaults, textOptions, options, $0) }
        } catch {
            rocksdb_options_destroy(options)
            throw error
        }
        rocksdb_options_set_create_if_missing(options, 1)
        rocksdb_options_set_create_missing_column_families(options, 1)
        rocksdb_options_set_db_write_buffer_size(options, writeBufferBytes)
        rocksdb_options_set_write_buffer_size(options, writeBufferBytes)
        rocksdb_options_set_max_write_buffer_number(options, 4)
        rocksdb_options_set_max_open_files(options, openFilesMax)
        rocksdb_options_set_max_background_jobs(options, 2)
        rocksdb_options_set_bytes_per_sync(options, 1 << 20)
        setPatience(options)
        setReporting(options)
        setTables(options)
        return options
    }

    /// Those that its C interface has no calls for. After a failure nothing is to be written, at the end neither; else it was
    /// flushed before. The hint is one for all records, that of the prefix of no bytes.
    private var textOptions: String {
        "avoid_flush_during_shutdown=true" + (hasHint ? ";memtable_insert_with_hint_prefix_extractor=fixed:0" : "")
    }

    /// The thread that writes back must not sleep because compaction is behind, for the log grows meanwhile, and not
    /// for ever because a full disk stops compaction: only a flush that is behind holds it up, and a flush that
    /// fails fails the next write.
    private func setPatience(_ options: OpaquePointer?) {
        rocksdb_options_set_level0_slowdown_writes_trigger(options, 64)
        rocksdb_options_set_level0_stop_writes_trigger(options, 1 << 20)
        rocksdb_options_set_soft_pending_compaction_bytes_limit(options, 0)
        rocksdb_options_set_hard_pending_compaction_bytes_limit(options, 0)
    }

    /// RocksDB's own log gets the options at opening and nothing after. Debian's library is built with
    /// assertions, and one of them ends the process at the second line that cannot be written to that log:
    /// on a full disk, before anything could be said about it. What the log would say of failures the calls
    /// say as well. No statistics while idle.
    private func setReporting(_ options: OpaquePointer?) {
        let fatal: Int32 = 4
        rocksdb_options_set_info_log_level(options, fatal)
        rocksdb_options_set_max_log_file_size(options, 1 << 20)
        rocksdb_options_set_keep_log_file_num(options, 2)
        rocksdb_options_set_stats_dump_period_sec(options, 0)
        rocksdb_options_set_stats_persist_period_sec(options, 0)
    }

    private func setTables(_ options: OpaquePointer?) {
        let tables = rocksdb_block_based_options_create()
        let cache = makeCache()
        rocksdb_block_based_options_set_block_cache(tables, cache)
        rocksdb_block_based_options_set_filter_policy(tables, rocksdb_filterpolicy_create_bloom_full(10))
        rocksdb_block_based_options_set_cache_index_and_filter_blocks(tables, 1)
        rocksdb_block_based_options_set_pin_l0_filter_and_index_blocks_in_cache(tables, 1)
        setPieces(tables)
        rocksdb_options_set_block_based_table_factory(options, tables)
        rocksdb_cache_destroy(cache)
        rocksdb_block_based_options_destroy(tables)
    }

    /// Indexes and filters in pieces as small as other blocks. The whole ones of one file take a megabyte: where they do not
    /// fit into the cache together, each read fetches one again, for a hundred times what it takes else.
    private func setPieces(_ tables: OpaquePointer?) {
        rocksdb_block_based_options_set_index_type(
            tables, Int32(rocksdb_block_based_table_index_type_two_level_index_search))
        rocksdb_block_based_options_set_partition_filters(tables, 1)
        rocksdb_block_based_options_set_pin_top_level_index_and_filter(tables, 1)
    }

    /// In one part: a part of many has no room for a filter as older files have them, and one thread reads at a time.
    private func makeCache() -> OpaquePointer? {
        let options = rocksdb_lru_cache_options_create()
        defer { rocksdb_lru_cache_options_destroy(options) }
        rocksdb_lru_cache_options_set_capacity(options, blockCacheBytes)
        rocksdb_lru_cache_options_set_num_shard_bits(options, 0)
        return rocksdb_cache_create_lru_opts(options)
    }
}
