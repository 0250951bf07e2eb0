#ifndef TORC_CDECIMAL_H
#define TORC_CDECIMAL_H

/* The longest long double without exponent, with 17 digits behind the point, and its end. */
#define TORC_DECIMAL_BYTES_MAX 5120
#define TORC_DECIMAL_NO_NUMBER (-1)
#define TORC_DECIMAL_NOT_FINITE (-2)

/* Adds two numbers in long double arithmetic, which Swift has on some machines only, and writes the sum with up to 17
   digits behind the point, without trailing zeros and without exponent, as Redis does.
   Returns its length, or one of the codes above. */
int torc_decimal_add(const char *first, const char *second, char output[TORC_DECIMAL_BYTES_MAX]);

#endif
