/* Loaded before libc: while the file that TORC_STILL_CLOCK names begins with '1', the monotonic clock stands still, so that
   no timer of a node becomes due and only what its clients ask of it costs instructions. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const volatile char *control;
static struct timespec last;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("TORC_STILL_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *page = mmap(NULL, 1, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (page != MAP_FAILED)
        control = page;
}

int clock_gettime(clockid_t id, struct timespec *time)
{
    int is_monotonic = id == CLOCK_MONOTONIC || id == CLOCK_MONOTONIC_COARSE;
    if (is_monotonic && control && *control == '1' && last.tv_sec) {
        *time = last;
        return 0;
    }
    int result = (int)syscall(SYS_clock_gettime, id, time);
    if (is_monotonic && result == 0)
        last = *time;
    return result;
}
