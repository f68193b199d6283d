/* RUN and IMPORT of docs/protocol/finance-http.md. For this folder only. */
#pragma once

#include "common/json/writer.h"
#include "settlement/store/matching_store.h"

void json_run(struct json_writer *writer, const char *key, const struct run_row *run);
