/* GNU's getopt_long_only, which glibc declares only under _GNU_SOURCE. */
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <getopt.h>
