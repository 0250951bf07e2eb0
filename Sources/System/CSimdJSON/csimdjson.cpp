#include "csimdjson.h"

#include <simdjson.h>

#include <algorithm>
#include <memory>
#include <new>
#include <string>

namespace {

using Stage = simdjson::internal::dom_parser_implementation;

// The index takes four bytes for each byte of capacity, and counts as used only where it is written.
constexpr size_t capacity_usual = 64 * 1024;
constexpr size_t capacity_kept_max = 1024 * 1024;

int code(simdjson::error_code error) {
    switch (error) {
    case simdjson::SUCCESS: return TORC_JSON_OK;
    case simdjson::UTF8_ERROR: return TORC_JSON_UTF8;
    case simdjson::UNESCAPED_CHARS: return TORC_JSON_CONTROL;
    case simdjson::UNCLOSED_STRING: return TORC_JSON_UNCLOSED;
    case simdjson::EMPTY: return TORC_JSON_EMPTY;
    case simdjson::MEMALLOC:
    case simdjson::CAPACITY: return TORC_JSON_MEMORY;
    default: return TORC_JSON_OTHER;
    }
}

}  // namespace

struct torc_json {
    std::unique_ptr<Stage> stage;

    // One huge text must not hold its memory for ever: the next usual one gives it back.
    simdjson::error_code reserve(size_t length) {
        size_t wanted = std::max(length, capacity_usual);
        if (stage && stage->capacity() >= wanted &&
            (stage->capacity() <= capacity_kept_max || wanted > capacity_kept_max))
            return simdjson::SUCCESS;
        stage.reset();
        return simdjson::get_active_implementation()->create_dom_parser_implementation(wanted, 1, stage);
    }
};

torc_json *torc_json_create(void) { return new (std::nothrow) torc_json(); }

void torc_json_destroy(torc_json *json) { delete json; }

int torc_json_index(
    torc_json *json, const uint8_t *bytes, size_t length, const uint32_t **indexes, size_t *count) {
    *indexes = nullptr;
    *count = 0;
    if (length == 0) return TORC_JSON_EMPTY;
    simdjson::error_code error = json->reserve(length);
    if (error) {
        json->stage.reset();
        return code(error);
    }
    error = json->stage->stage1(bytes, length, simdjson::stage1_mode::regular);
    if (error) return code(error);
    *indexes = json->stage->structural_indexes.get();
    *count = json->stage->n_structural_indexes;
    return TORC_JSON_OK;
}

int torc_json_is_utf8(const uint8_t *bytes, size_t length) {
    return simdjson::validate_utf8(reinterpret_cast<const char *>(bytes), length);
}

const char *torc_json_implementation(void) {
    static const std::string name = simdjson::get_active_implementation()->name();
    return name.c_str();
}
