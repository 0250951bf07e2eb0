/* What the processor can do and Swift has no word for. */
#pragma once

/* Has the line of the cache at `place` fetched, if it is not there; any address will do. */
static inline void torc_prefetch(const void *place) { __builtin_prefetch(place); }
