/* A drawer's day as the finance API tells it. For this folder only. */
#pragma once

#include "common/json/writer.h"
#include "settlement/catalogue/catalogue.h"
#include "settlement/store/day_query_store.h"

/* Write the members of VIEW into the open object. */
void json_day_members(struct json_writer *writer, const struct day_view *view, const struct catalogue *catalogue);
