/* A row of GET /api/discrepancies. For this folder only. */
#pragma once

#include "common/json/writer.h"
#include "settlement/catalogue/catalogue.h"
#include "settlement/service.h"
#include "settlement/store/discrepancy_store.h"

/* The members of ROW, inside an open object. */
void json_discrepancy_members(struct json_writer *writer, const struct discrepancy_row *row,
                              const struct catalogue *catalogue, struct civil_date today);

/* "resolution": what a person decided, or null. */
void json_discrepancy_resolution(struct json_writer *writer, const struct discrepancy_row *row);

/* Answer the detail of discrepancy ID. */
void respond_discrepancy(struct http_request *request, struct service *service, int64_t id);

/* The member `undo`: who asks to take the resolution back, and why; null when nobody does. */
void json_discrepancy_undo(struct json_writer *writer, const struct discrepancy_row *row);
