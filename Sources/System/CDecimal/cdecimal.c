#include "cdecimal.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int parse(const char *text, long double *number) {
    char *end;
    errno = 0;
    *number = strtold(text, &end);
    /* Too small for a number is 0, as for everybody. */
    return end != text && *end == 0 && !(errno == ERANGE && isinf(*number)) && isfinite(*number);
}

int torc_decimal_add(const char *first, const char *second, char output[TORC_DECIMAL_BYTES_MAX]) {
    long double a, b;
    if (!parse(first, &a) || !parse(second, &b)) return TORC_DECIMAL_NO_NUMBER;
    long double sum = a + b;
    if (!isfinite(sum)) return TORC_DECIMAL_NOT_FINITE;
    int length = snprintf(output, TORC_DECIMAL_BYTES_MAX, "%.17Lf", sum);
    if (length <= 0 || length >= TORC_DECIMAL_BYTES_MAX) return TORC_DECIMAL_NOT_FINITE;
    while (output[length - 1] == '0') length--;
    if (output[length - 1] == '.') length--;
    if (length == 2 && memcmp(output, "-0", 2) == 0) {
        output[0] = '0';
        length = 1;
    }
    return length;
}
