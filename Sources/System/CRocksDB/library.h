#ifndef TORC_ROCKS_LIBRARY_H
#define TORC_ROCKS_LIBRARY_H

#ifdef __cplusplus
extern "C" {
#endif

/* The name of the library whose headers this was compiled with. */
extern const char *const torc_rocks_library;

#ifdef __cplusplus
}
#endif

#endif
