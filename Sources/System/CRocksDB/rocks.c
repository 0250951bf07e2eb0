#include "rocks.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "library.h"

/* Every function that Storage calls. One that is missing here does not link. */
#define FUNCTIONS(each) \
    each(rocksdb_block_based_options_create) \
    each(rocksdb_block_based_options_destroy) \
    each(rocksdb_block_based_options_set_block_cache) \
    each(rocksdb_block_based_options_set_cache_index_and_filter_blocks) \
    each(rocksdb_block_based_options_set_filter_policy) \
    each(rocksdb_block_based_options_set_index_type) \
    each(rocksdb_block_based_options_set_partition_filters) \
    each(rocksdb_block_based_options_set_pin_l0_filter_and_index_blocks_in_cache) \
    each(rocksdb_block_based_options_set_pin_top_level_index_and_filter) \
    each(rocksdb_cache_create_lru_opts) \
    each(rocksdb_cache_destroy) \
    each(rocksdb_close) \
    each(rocksdb_column_family_handle_destroy) \
    each(rocksdb_compact_range_cf_opt) \
    each(rocksdb_compactoptions_create) \
    each(rocksdb_compactoptions_destroy) \
    each(rocksdb_compactoptions_set_bottommost_level_compaction) \
    each(rocksdb_compactoptions_set_exclusive_manual_compaction) \
    each(rocksdb_create_default_env) \
    each(rocksdb_create_iterator_cf) \
    each(rocksdb_disable_manual_compaction) \
    each(rocksdb_env_destroy) \
    each(rocksdb_env_lower_high_priority_thread_pool_cpu_priority) \
    each(rocksdb_env_lower_thread_pool_cpu_priority) \
    each(rocksdb_filterpolicy_create_bloom_full) \
    each(rocksdb_flush_cf) \
    each(rocksdb_flush_wal) \
    each(rocksdb_flushoptions_create) \
    each(rocksdb_flushoptions_destroy) \
    each(rocksdb_flushoptions_set_wait) \
    each(rocksdb_free) \
    each(rocksdb_get_options_from_string) \
    each(rocksdb_get_pinned_cf) \
    each(rocksdb_iter_destroy) \
    each(rocksdb_iter_get_error) \
    each(rocksdb_iter_key) \
    each(rocksdb_iter_next) \
    each(rocksdb_iter_seek) \
    each(rocksdb_iter_valid) \
    each(rocksdb_iter_value) \
    each(rocksdb_list_column_families) \
    each(rocksdb_list_column_families_destroy) \
    each(rocksdb_lru_cache_options_create) \
    each(rocksdb_lru_cache_options_destroy) \
    each(rocksdb_lru_cache_options_set_capacity) \
    each(rocksdb_lru_cache_options_set_num_shard_bits) \
    each(rocksdb_open_column_families) \
    each(rocksdb_options_create) \
    each(rocksdb_options_destroy) \
    each(rocksdb_options_set_block_based_table_factory) \
    each(rocksdb_options_set_bytes_per_sync) \
    each(rocksdb_options_set_create_if_missing) \
    each(rocksdb_options_set_create_missing_column_families) \
    each(rocksdb_options_set_db_write_buffer_size) \
    each(rocksdb_options_set_hard_pending_compaction_bytes_limit) \
    each(rocksdb_options_set_info_log_level) \
    each(rocksdb_options_set_keep_log_file_num) \
    each(rocksdb_options_set_level0_slowdown_writes_trigger) \
    each(rocksdb_options_set_level0_stop_writes_trigger) \
    each(rocksdb_options_set_max_background_jobs) \
    each(rocksdb_options_set_max_log_file_size) \
    each(rocksdb_options_set_max_open_files) \
    each(rocksdb_options_set_max_write_buffer_number) \
    each(rocksdb_options_set_soft_pending_compaction_bytes_limit) \
    each(rocksdb_options_set_stats_dump_period_sec) \
    each(rocksdb_options_set_stats_persist_period_sec) \
    each(rocksdb_options_set_write_buffer_size) \
    each(rocksdb_pinnableslice_destroy) \
    each(rocksdb_pinnableslice_value) \
    each(rocksdb_property_int_cf) \
    each(rocksdb_readoptions_create) \
    each(rocksdb_readoptions_destroy) \
    each(rocksdb_readoptions_set_fill_cache) \
    each(rocksdb_readoptions_set_iterate_upper_bound) \
    each(rocksdb_write) \
    each(rocksdb_writebatch_clear) \
    each(rocksdb_writebatch_create) \
    each(rocksdb_writebatch_delete_cf) \
    each(rocksdb_writebatch_destroy) \
    each(rocksdb_writebatch_put_cf) \
    each(rocksdb_writeoptions_create) \
    each(rocksdb_writeoptions_destroy) \
    each(rocksdb_writeoptions_disable_WAL)

/* Where the library has a function, and a function of that name which goes on there with all its arguments. */
#if defined(__x86_64__)
#define JUMP(name) "endbr64\n jmpq *place_" #name "(%rip)\n"
#elif defined(__aarch64__)
#define JUMP(name) "bti c\n adrp x16, place_" #name "\n ldr x16, [x16, :lo12:place_" #name "]\n br x16\n"
#else
#error "how does this processor jump to an address that lies in memory?"
#endif

#define FUNCTION(name) \
    __attribute__((used)) static void *place_##name; \
    __asm__( \
        ".pushsection .text\n.globl " #name "\n.type " #name ", %function\n" #name ":\n" JUMP(name) ".size " #name \
        ", . - " #name "\n.popsection\n");

FUNCTIONS(FUNCTION)

#define ROW(name) {#name, &place_##name},
static const struct {
    const char *name;
    void **place;
} functions[] = {FUNCTIONS(ROW)};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void *library;

static const char *load(void) {
    if (library) return NULL;
    void *opened = dlopen(torc_rocks_library, RTLD_NOW | RTLD_LOCAL);
    if (!opened) return dlerror();
    for (size_t index = 0; index < sizeof functions / sizeof functions[0]; index++) {
        *functions[index].place = dlsym(opened, functions[index].name);
        if (*functions[index].place) continue;
        const char *reason = dlerror();
        return reason ? reason : functions[index].name;
    }
    library = opened;
    return NULL;
}

const char *torc_rocks_load(void) {
    pthread_mutex_lock(&lock);
    const char *reason = load();
    /* The linker's text is gone with the next call to it. */
    const char *copy = reason ? strdup(reason) : NULL;
    pthread_mutex_unlock(&lock);
    return reason && !copy ? "out of memory" : copy;
}
