/* What the processor can do and Swift has no word for. */
#pragma once

/* Has the line of the cache at `place` fetched, if it is not there; any address will do. */
static inline void torc_prefetch(const void *place) { __builtin_prefetch(place); }

typedef signed char torc_bytes __attribute__((vector_size(16), aligned(1), may_alias));
typedef unsigned long long torc_words __attribute__((vector_size(16)));

/* Which byte of a comparison is the first that is not 0; one is. */
static inline long torc_first_byte(unsigned long word) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return __builtin_ctzl(word) / 8;
#else
    return __builtin_clzl(word) / 8;
#endif
}

/* How many bytes at `text`, of `count`, are ASCII that a string in JSON has as it is: no quote, no backslash, no control
   character. Swift's own vectors are compared element by element. */
static inline long torc_plain_text_count(const void *text, long count) {
    const signed char *bytes = (const signed char *)text;
    long at = 0;
    for (; at + 16 <= count; at += 16) {
        torc_bytes sixteen = *(const torc_bytes *)(bytes + at);
        /* From 0x80 on they are negative. */
        torc_words stops = (torc_words)((sixteen < 0x20) | (sixteen == '"') | (sixteen == '\\'));
        if (stops[0] != 0) return at + torc_first_byte(stops[0]);
        if (stops[1] != 0) return at + 8 + torc_first_byte(stops[1]);
    }
    while (at < count && bytes[at] >= 0x20 && bytes[at] != '"' && bytes[at] != '\\') at += 1;
    return at;
}
