/* A sale as the finance API tells it. For this folder only. */
#pragma once

#include "common/json/writer.h"
#include "settlement/store/sale_query_store.h"

/* Write the members of ROW into the open object. */
void json_sale_members(struct json_writer *writer, const struct sold_row *row);
