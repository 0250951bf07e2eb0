/* What of glibc is out of Swift's reach: getopt_long_only, declared only under _GNU_SOURCE and with its state in globals;
   getauxval; mallopt, which has no header there. */
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <getopt.h>
#include <malloc.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where one walk over a command line stands. Begin with zeros. */
struct torc_getopt {
    int next;             /* index of the argument that the next step reads */
    const char *argument; /* value of the flag that the last step found, or NULL */
    int option;           /* after an error: `val` of the flag it is about, where one was recognised */
};

/* Reads the next flag: its `val`, ':' for a missing value, '?' for any other error, -1 at the end of the
   flags, which is the first argument that is none. Prints nothing, leaves argv's order alone, and may be
   called from any thread. */
int torc_getopt_step(struct torc_getopt *walk, int argc, char *const *argv, const struct option *options);

/* Whether the program, begun anew, would find glibc's settings in its environment: not where it has more rights than who
   started it, nor where it was started by naming the dynamic loader, which is what would begin anew. */
int torc_may_restart(void);

#ifdef __cplusplus
}
#endif
