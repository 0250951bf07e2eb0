#pragma once
/* The C face of simdjson that Torc uses: the vectorised first stage of its DOM front. It is called through
 * the implementation that simdjson chose for this CPU when the program started. */
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The numbers are shared with JSONScanner.swift. */
enum torc_json_code {
    TORC_JSON_OK = 0,
    TORC_JSON_UTF8 = 1,       /* not UTF-8 */
    TORC_JSON_CONTROL = 2,    /* a control character within a string */
    TORC_JSON_UNCLOSED = 3,   /* the last string has no end */
    TORC_JSON_EMPTY = 4,      /* nothing but white space */
    TORC_JSON_MEMORY = 5,     /* no memory for the index, or over 4 GiB */
    TORC_JSON_OTHER = 6,
};

/* Memory for the index, reused from text to text. Not for two threads at a time. */
typedef struct torc_json torc_json;

/* NULL when there is no memory. */
torc_json *torc_json_create(void);
void torc_json_destroy(torc_json *json);

/* Checks that `length` bytes are UTF-8 and finds where each bracket, colon, comma and scalar outside of
 * strings begins. Nothing beyond `length` is read, so the text may stand anywhere. On TORC_JSON_OK `indexes`
 * points to `count` ascending offsets, valid until the next call. */
int torc_json_index(
    torc_json *json, const uint8_t *bytes, size_t length, const uint32_t **indexes, size_t *count);

int torc_json_is_utf8(const uint8_t *bytes, size_t length);

/* The name of the implementation in use, such as "haswell". */
const char *torc_json_implementation(void);

#ifdef __cplusplus
}
#endif
