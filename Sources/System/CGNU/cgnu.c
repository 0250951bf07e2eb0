#include "cgnu.h"

#include <pthread.h>
#include <stddef.h>
#include <sys/auxv.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

int torc_getopt_step(struct torc_getopt *walk, int argc, char *const *argv, const struct option *options) {
    pthread_mutex_lock(&lock);
    opterr = 0;
    optarg = NULL;
    optopt = 0;
    optind = walk->next; /* 0 makes glibc forget the walk before this one */
    /* '+': stop at the first operand; ':': tell a missing value from an unknown flag. */
    int found = getopt_long_only(argc, argv, "+:", options, NULL);
    walk->next = optind;
    walk->argument = optarg;
    walk->option = optopt;
    pthread_mutex_unlock(&lock);
    return found;
}

int torc_may_restart(void) { return getauxval(AT_SECURE) == 0 && getauxval(AT_BASE) != 0; }
