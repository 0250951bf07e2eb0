#include "csimdjson.h"
#include <simdjson.h>
int torc_json_placeholder(void) { return simdjson::SIMDJSON_PADDING; }
