/* The ASSESSMENT of docs/protocol/finance-http.md. For this folder only. */
#pragma once

#include "common/json/writer.h"
#include "settlement/assessment/record.h"

/* Members of one record. Cash was received at once; of a trustee's, RECEIVED_YEN says what was, and below 0 writes null
 * (lists do not compute it). */
void json_assessment(struct json_writer *writer, const char *key, const struct assessment_record *record,
                     int64_t received_yen, struct civil_date today);
