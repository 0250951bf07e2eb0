// Point reads of a node's RocksDB without the node: what a GET of an entry that is not in memory is measured beside.
//   raw_rocksdb FOLDER SECONDS < keys       keys of 19 bytes, as the node stores them (docs/storage.md)
// Reads them in turn, one thread, opened for reading only, with as large a cache of blocks and as many open files as the
// node has (Sources/Storage/Rocks/RocksTuning). All else is as RocksDB comes: indexes and filters are in memory, whatever
// they take.
// Prints: reads, those that found something, nanoseconds that they took, nanoseconds of processor time.
#include <rocksdb/c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { KEY = 19, FAMILIES = 4, DATA = 1 };

static long long now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void check(char *error) {
    if (!error) return;
    fprintf(stderr, "raw_rocksdb: %s\n", error);
    exit(1);
}

static rocksdb_options_t *options(void) {
    rocksdb_options_t *options = rocksdb_options_create();
    rocksdb_block_based_table_options_t *tables = rocksdb_block_based_options_create();
    rocksdb_block_based_options_set_block_cache(tables, rocksdb_cache_create_lru(16 << 20));
    rocksdb_block_based_options_set_filter_policy(tables, rocksdb_filterpolicy_create_bloom_full(10));
    rocksdb_options_set_block_based_table_factory(options, tables);
    rocksdb_options_set_max_open_files(options, 256);
    rocksdb_options_set_info_log_level(options, 4);
    return options;
}

static char *keys(size_t *count) {
    size_t room = 1 << 20, used = 0, got;
    char *bytes = malloc(room);
    while (bytes && (got = fread(bytes + used, 1, room - used, stdin)) > 0) {
        used += got;
        if (used == room) bytes = realloc(bytes, room *= 2);
    }
    *count = used / KEY;
    return bytes;
}

int main(int count, char **arguments) {
    if (count != 3) return 2;
    const char *names[FAMILIES] = {"default", "data", "log", "meta"};
    rocksdb_options_t *all = options();
    const rocksdb_options_t *each[FAMILIES] = {all, all, all, all};
    rocksdb_column_family_handle_t *families[FAMILIES];
    char *error = NULL;
    rocksdb_t *database = rocksdb_open_for_read_only_column_families(all, arguments[1], FAMILIES, names, each, families, 0, &error);
    check(error);
    size_t there;
    const char *bytes = keys(&there);
    if (!bytes || !there) return 2;
    rocksdb_readoptions_t *reading = rocksdb_readoptions_create();
    long long reads = 0, found = 0, wall = 0, processor = 0, end = 0;
    for (long long number = 0; !end || now(CLOCK_MONOTONIC) < end; number++) {
        // The first tenth is for the caches.
        if (!end && number >= (long long)there / 10) {
            reads = found = 0;
            wall = now(CLOCK_MONOTONIC);
            processor = now(CLOCK_PROCESS_CPUTIME_ID);
            end = wall + (long long)(atof(arguments[2]) * 1e9);
        }
        rocksdb_pinnableslice_t *value = rocksdb_get_pinned_cf(database, reading, families[DATA], bytes + number % there * KEY, KEY, &error);
        check(error);
        reads++;
        if (!value) continue;
        size_t length;
        // As the node, which hands the bytes on.
        char *copy = NULL;
        const char *from = rocksdb_pinnableslice_value(value, &length);
        if ((copy = malloc(length))) memcpy(copy, from, length);
        found += copy && length > 0;
        free(copy);
        rocksdb_pinnableslice_destroy(value);
    }
    printf("%lld %lld %lld %lld\n", reads, found, now(CLOCK_MONOTONIC) - wall, now(CLOCK_PROCESS_CPUTIME_ID) - processor);
    return 0;
}
