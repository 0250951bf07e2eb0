#ifndef TORC_ROCKS_H
#define TORC_ROCKS_H

#include <rocksdb/c.h>

/* RocksDB is loaded by the first who needs it: a node that keeps its data in memory does without some 8 MB of the
   library, of what that brings along, and of what both set up when they are loaded.

   The functions below are jumps to the library's own; none may be called before this has returned NULL.

   Returns what is wrong, as the dynamic linker says it, for as long as the process lives; NULL: it is loaded. From any
   thread, any number of times; after a failure it tries again. */
const char *torc_rocks_load(void);

#endif
