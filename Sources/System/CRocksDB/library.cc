// RocksDB says its version in C++ only.
#include "library.h"

#include <rocksdb/version.h>

#define STRING_(text) #text
#define STRING(text) STRING_(text)

const char *const torc_rocks_library = "librocksdb.so." STRING(ROCKSDB_MAJOR) "." STRING(ROCKSDB_MINOR);
